"""Official documents: one frozen content for each, written as DOCX for the clerk and as PDF for the record."""

from nanglucso.govern.reports.documents.classpapers import PAPERS
from nanglucso.govern.reports.documents.content import OfficialDocument, PlanDocument
from nanglucso.govern.reports.documents.docx import to_docx
from nanglucso.govern.reports.documents.gaps_xlsx import gaps_workbook
from nanglucso.govern.reports.documents.pdf import to_pdf
from nanglucso.govern.reports.documents.plan import plan_document
from nanglucso.govern.reports.documents.position import position_document
from nanglucso.govern.reports.documents.year_report import YearFigures, yearly_report

__all__ = [
    "PAPERS",
    "OfficialDocument",
    "PlanDocument",
    "YearFigures",
    "gaps_workbook",
    "plan_document",
    "position_document",
    "to_docx",
    "to_pdf",
    "yearly_report",
]
