//! Province-level divisions: two-digit codes of GB/T 2260 and the letters of ICP and police numbers.
//!
//! ICP and police numbers use different letters for four provinces (蜀/川, 陇/甘, 滇/云, 黔/贵); both are known for each.

/// Code, name in Chinese and English, letters.
const PROVINCES: [(u8, &str, &str, &str); 31] = [
    (11, "北京", "Beijing", "京"),
    (12, "天津", "Tianjin", "津"),
    (13, "河北", "Hebei", "冀"),
    (14, "山西", "Shanxi", "晋"),
    (15, "内蒙古", "Inner Mongolia", "蒙"),
    (21, "辽宁", "Liaoning", "辽"),
    (22, "吉林", "Jilin", "吉"),
    (23, "黑龙江", "Heilongjiang", "黑"),
    (31, "上海", "Shanghai", "沪"),
    (32, "江苏", "Jiangsu", "苏"),
    (33, "浙江", "Zhejiang", "浙"),
    (34, "安徽", "Anhui", "皖"),
    (35, "福建", "Fujian", "闽"),
    (36, "江西", "Jiangxi", "赣"),
    (37, "山东", "Shandong", "鲁"),
    (41, "河南", "Henan", "豫"),
    (42, "湖北", "Hubei", "鄂"),
    (43, "湖南", "Hunan", "湘"),
    (44, "广东", "Guangdong", "粤"),
    (45, "广西", "Guangxi", "桂"),
    (46, "海南", "Hainan", "琼"),
    (50, "重庆", "Chongqing", "渝"),
    (51, "四川", "Sichuan", "蜀川"),
    (52, "贵州", "Guizhou", "黔贵"),
    (53, "云南", "Yunnan", "滇云"),
    (54, "西藏", "Tibet", "藏"),
    (61, "陕西", "Shaanxi", "陕秦"),
    (62, "甘肃", "Gansu", "陇甘"),
    (63, "青海", "Qinghai", "青"),
    (64, "宁夏", "Ningxia", "宁"),
    (65, "新疆", "Xinjiang", "新"),
];

/// The code of a province letter, Simplified or Traditional.
pub fn of_letter(letter: char) -> Option<u8> {
    let letter = crate::text::to_simplified(letter.encode_utf8(&mut [0; 4])).chars().next()?;
    PROVINCES.iter().find(|(.., letters)| letters.contains(letter)).map(|(code, ..)| *code)
}

/// The province of a number that begins with a division code. The Xinjiang corps, numbered 66, is in Xinjiang.
pub fn of_number(number: &str) -> Option<u8> {
    let code: u8 = number.get(..2)?.parse().ok()?;
    let code = if code == 66 { 65 } else { code };
    PROVINCES.iter().any(|(known, ..)| *known == code).then_some(code)
}

/// Name in Chinese and English.
pub fn name(code: u8) -> Option<(&'static str, &'static str)> {
    PROVINCES.iter().find(|(known, ..)| *known == code).map(|(_, zh, en, _)| (*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_both_numbers_lead_to_one_province() {
        for (icp, police) in [('蜀', '川'), ('陇', '甘'), ('滇', '云'), ('黔', '贵'), ('隴', '甘'), ('滬', '沪')] {
            assert_eq!(of_letter(icp), of_letter(police), "{icp}{police}");
            assert!(of_letter(icp).is_some());
        }
        assert_eq!(of_letter('公'), None);
    }

    #[test]
    fn numbers_begin_with_their_province() {
        assert_eq!(of_number("34060002010001"), Some(34));
        assert_eq!(of_number("6601000001"), Some(65));
        assert_eq!(of_number("9901000001"), None);
        assert_eq!(of_number("bm55000001"), None);
        assert_eq!(of_number("号"), None);
        assert_eq!(name(61), Some(("陕西", "Shaanxi")));
    }
}
