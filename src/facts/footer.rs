//! Footer elements (regulations.md 2.1): each with the text or link that shows it.

mod read;

pub(super) use read::read;

use serde::{Deserialize, Serialize};

/// What was found at the bottom of a page. `None` is "not in the static page", which proves nothing when `scripted`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Footer {
    /// Text of the footer area, squeezed, at most 4,000 characters.
    pub text: String,
    /// Is a part of the footer written by script, frame or include that we cannot see?
    pub scripted: bool,
    /// 党政机关网站标识: link to bszs.conac.cn or image/script of dcs.conac.cn.
    pub party_government_mark: Option<String>,
    /// 网站标识码, as digits (or bm + 8 digits, lower case).
    pub site_id_code: Option<String>,
    /// ICP备案编号, blanks removed.
    pub icp: Option<String>,
    /// 公安机关备案号: digits only.
    pub police: Option<String>,
    /// The police number as written, with its province letter.
    pub police_text: Option<String>,
    /// `recordcode` of the link to the police registration, digits.
    pub police_link_code: Option<String>,
    /// 主办单位 (or 版权所有) value.
    pub sponsor: Option<String>,
    /// 联系方式: telephone, address or mail, as written.
    pub contact: Option<String>,
    /// 我为政府网站找错: link or text.
    pub error_report: Option<String>,
    /// Site code carried by the error-report or party-mark link, where there is one.
    pub error_report_code: Option<String>,
    /// 适老化 / 无障碍 sign or entry.
    pub accessibility: Option<String>,
    /// 网站地图 link.
    pub site_map: Option<String>,
}
