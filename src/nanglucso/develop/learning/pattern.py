"""What a new lesson starts from: all parts in their form, to be written over."""

PATTERN = """\
---
id: BH-3.3-TC-09
title: "Tên bài: một việc làm được"
title_en: "Title: one thing to do"
competence: "3.3"
level: TC
indicator: 3.3.TC.a
minutes: 10
prerequisites: []
source: [{doc: "kỹ năng chung", as_of: 2026-11-30, confidence: S}]
review_by: 2027-11-30
status: đề xuất
---

# Tên bài: một việc làm được

> Sau bài này đồng chí làm được một việc: …

## 1. Tình huống (1 phút)

Ai, ở đâu, cần gì, điều gì đã sai.

## 2. Xem cách làm (3 phút)

| Cột | Cột |
|---|---|
| … | … |

**Bước 1. …** …

## 3. Làm thử (3 phút)

Đồng chí chọn cho từng dòng.

```lam-thu
type: each
choices: [Giữ, Bỏ, Hỏi lại]
rows:
- text: "Dòng 1"
  key: Giữ
  why: "Vì sao, ít nhất tám tiếng, để người học hiểu."
- text: "Dòng 2"
  key: Bỏ
  why: "Vì sao, ít nhất tám tiếng, để người học hiểu."
- text: "Dòng 3"
  key: Hỏi lại
  why: "Vì sao, ít nhất tám tiếng, để người học hiểu."
- text: "Dòng 4"
  key: Giữ
  why: "Vì sao, ít nhất tám tiếng, để người học hiểu."
```

## 4. Tự kiểm tra (2 phút)

**Câu 1.** Câu hỏi?
- Phương án một. → *Đúng: vì sao, ít nhất tám tiếng để hiểu.*
- Phương án hai. → *Chưa đúng: vì sao, và nên làm gì.*
- Phương án ba. → *Chưa đúng: vì sao, và nên làm gì.*

**Câu 2.** Câu hỏi?
- Phương án một. → *Chưa đúng: vì sao, và nên làm gì.*
- Phương án hai. → *Đúng: vì sao, ít nhất tám tiếng để hiểu.*
- Phương án ba. → *Chưa đúng: vì sao, và nên làm gì.*

**Câu 3.** Câu hỏi?
- Phương án một. → *Chưa đúng: vì sao, và nên làm gì.*
- Phương án hai. → *Chưa đúng: vì sao, và nên làm gì.*
- Phương án ba. → *Đúng: vì sao, ít nhất tám tiếng để hiểu.*

## 5. Việc tại cơ quan (trong 7 ngày)

Một việc trên hồ sơ của chính mình.

*Minh chứng:* thứ mà người phụ trách nhìn thấy được.

**Nhớ một câu:** …
"""
