//! Options about politeness, shared by everything that sends or plans requests.

use clap::Args;

/// As typed; the configuration layers check them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "礼貌 Politeness")]
pub struct PoliteOptions {
    /// 这些时段不发请求（北京时间），如 working@08:30-12:00、22:00-06:00；可重复 / no request in these hours (Beijing time)
    #[arg(long, value_name = "WINDOW")]
    pub quiet_hours: Vec<String>,
    /// 只在这些时段发请求 / requests in these hours only
    #[arg(long, value_name = "WINDOW")]
    pub allowed_hours: Vec<String>,
    /// 最多请求数，含重试 / most requests, repeated ones included
    #[arg(long, value_name = "N")]
    pub max_requests: Option<u64>,
    /// 最多接收字节数，如 2G / most bytes received, such as 2G
    #[arg(long, value_name = "BYTES")]
    pub max_total_bytes: Option<String>,
    /// 最多运行秒数，安静时段不计 / most seconds, quiet hours not counted
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub max_time: Option<f64>,
    /// 写进 User-Agent 的联系方式（网址、邮箱或电话）/ contact in the user agent
    #[arg(long, value_name = "TEXT")]
    pub contact: Option<String>,
    /// 本机各进程共用限速的目录，none 为不共用 / folder of the gates that processes share; none: not shared
    #[arg(long, value_name = "DIR|none")]
    pub shared_gates: Option<String>,
}

impl PoliteOptions {
    /// Names and values of what was typed.
    pub fn flags(&self) -> Vec<(&'static str, String)> {
        let list = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
        let named = [
            ("quiet_hours", list(&self.quiet_hours)),
            ("allowed_hours", list(&self.allowed_hours)),
            ("max_requests", self.max_requests.map(|v| v.to_string())),
            ("max_total_bytes", self.max_total_bytes.clone()),
            ("max_time", self.max_time.map(|v| v.to_string())),
            ("contact", self.contact.clone()),
            ("shared_gates", self.shared_gates.clone()),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
