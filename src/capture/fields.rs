//! `application/warc-fields`: `name: value` lines, used by warcinfo and metadata records.

/// Fields in order; names may repeat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Fields::default()
    }

    /// Appends a field; line breaks and other control characters of the value become spaces, so that a value cannot forge a field.
    pub fn push(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push((name.to_owned(), one_line(value.as_ref())));
    }

    /// First value of a name, compared without case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Every field in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// The block of a record.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(name, value)| format!("{name}: {value}\r\n").into_bytes()).collect()
    }

    /// Reads lines until an empty one; a line that starts with white space continues the one before. What is no field is skipped.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in bytes.split(|b| *b == b'\n') {
            let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
            if line.is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Fields(fields)
    }
}

/// A value on one line.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut fields = Fields::new();
        fields.push("seed", "http://a.cn/");
        fields.push("seed", "http://b.cn/");
        fields.push("detail", "连接被拒绝: code 1");
        let read = Fields::parse(&fields.to_bytes());
        assert_eq!(read, fields);
        assert_eq!(read.all("SEED").count(), 2);
    }

    #[test]
    fn a_value_cannot_forge_a_field() {
        let mut fields = Fields::new();
        fields.push("detail", "x\r\ncomplete: true");
        assert_eq!(Fields::parse(&fields.to_bytes()).get("complete"), None);
    }

    #[test]
    fn continuation_lines_belong_to_their_field() {
        let fields = Fields::parse(b"a: one\r\n  two\r\nno field\r\nb:3\r\n\r\nc: 4");
        assert_eq!(fields.get("a"), Some("one two"));
        assert_eq!(fields.get("b"), Some("3"));
        assert_eq!(fields.get("c"), None);
    }
}
