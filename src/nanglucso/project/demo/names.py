"""Made-up Vietnamese names. Any likeness to a real person is chance."""

import numpy as np

HO = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Phan",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Thạch",
    "Sơn",
    "Kim",
    "Danh",
    "Trương",
    "Lâm",
    "Mai",
    "Tô",
    "Châu",
    "Quách",
]
HO_SHARE = np.array([24, 11, 10, 7, 6, 5, 5, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 2, 2, 1, 1, 1, 1], float)
DEM_NU = [
    "Thị",
    "Thị Ngọc",
    "Thị Thu",
    "Thị Mỹ",
    "Ngọc",
    "Thanh",
    "Kim",
    "Thị Bích",
    "Hồng",
    "Thúy",
    "Thị Cẩm",
    "Phương",
]
DEM_NAM = ["Văn", "Hữu", "Minh", "Quốc", "Hoàng", "Thanh", "Đức", "Công", "Trung", "Tấn", "Phước", "Chí", "Thành"]
TEN_NU = [
    "Hạnh",
    "Lan",
    "Hoa",
    "Mai",
    "Thảo",
    "Trang",
    "Linh",
    "Nhung",
    "Yến",
    "Oanh",
    "Thủy",
    "Hương",
    "Diễm",
    "Trinh",
    "Ngân",
    "Vy",
    "Tiên",
    "Phượng",
    "Loan",
    "Đào",
    "Xuân",
    "Hiền",
    "Nga",
]
TEN_NAM = [
    "Hùng",
    "Dũng",
    "Tuấn",
    "Khoa",
    "Nam",
    "Phong",
    "Phúc",
    "Tài",
    "Thắng",
    "Vinh",
    "Long",
    "Đạt",
    "Khánh",
    "Bình",
    "Sang",
    "Lộc",
    "Trí",
    "Nghĩa",
    "Hải",
    "Quân",
    "Kiên",
    "Nhân",
]


def made_up_name(rng: np.random.Generator) -> tuple[str, str]:
    """A full name and the gender code it was drawn for (f or m)."""
    gender = "f" if rng.random() < 0.52 else "m"
    dem, ten = (DEM_NU, TEN_NU) if gender == "f" else (DEM_NAM, TEN_NAM)
    ho = rng.choice(HO, p=HO_SHARE / HO_SHARE.sum())
    return f"{ho} {rng.choice(dem)} {rng.choice(ten)}", gender
