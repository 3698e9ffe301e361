//! The bytes inside a WARC file: plain, or gzip members one after another. Never more than one member per read, so that a record
//! and its member can be told to belong together.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Counts what was consumed.
#[derive(Debug)]
struct Counted<R> {
    inner: BufReader<R>,
    at: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.inner.consume(amount);
    }
}

#[derive(Debug)]
enum Layer<R> {
    Plain(Counted<R>),
    Between(Counted<R>),
    Member(Box<GzDecoder<Counted<R>>>),
    Gone,
}

/// The content of a WARC file, with the place in the file.
#[derive(Debug)]
pub struct Content<R> {
    layer: Layer<R>,
    buffer: Vec<u8>,
    used: usize,
    filled: usize,
    member_at: u64,
    members: u64,
}

impl<R: Read> Content<R> {
    /// Looks at the first two bytes to tell gzip from plain.
    pub fn open(source: R) -> io::Result<Self> {
        let mut source = Counted { inner: BufReader::with_capacity(64 << 10, source), at: 0 };
        let gzip = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let layer = if gzip { Layer::Between(source) } else { Layer::Plain(source) };
        Ok(Content { layer, buffer: vec![0; 64 << 10], used: 0, filled: 0, member_at: 0, members: 0 })
    }

    /// Is the file gzip?
    pub fn is_gzip(&self) -> bool {
        !matches!(self.layer, Layer::Plain(_))
    }

    /// Byte offset in the file: of the current gzip member, or of the next byte of a plain file.
    pub fn offset(&self) -> u64 {
        match &self.layer {
            Layer::Plain(source) => source.at - (self.filled - self.used) as u64,
            _ => self.member_at,
        }
    }

    /// Byte offset in the file that was read so far: where a break shows.
    pub fn reached(&self) -> u64 {
        match &self.layer {
            Layer::Plain(_) => self.offset(),
            Layer::Between(source) => source.at,
            Layer::Member(decoder) => decoder.get_ref().at,
            Layer::Gone => self.member_at,
        }
    }

    /// Which gzip member the next byte belongs to; always 0 in a plain file.
    pub fn member(&self) -> u64 {
        self.members
    }

    /// The next bytes without consuming them; empty at the end of the file.
    pub fn peek(&mut self) -> io::Result<&[u8]> {
        if self.used == self.filled {
            self.used = 0;
            self.filled = 0;
            self.filled = self.read_more()?;
        }
        Ok(&self.buffer[self.used..self.filled])
    }

    /// Consumes what [`Content::peek`] showed.
    pub fn skip(&mut self, amount: usize) {
        self.used = (self.used + amount).min(self.filled);
    }

    fn read_more(&mut self) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.layer, Layer::Gone) {
                Layer::Plain(mut source) => {
                    let read = source.read(&mut self.buffer);
                    self.layer = Layer::Plain(source);
                    return read;
                }
                Layer::Between(mut source) => {
                    // Zero padding after the last member is customary on tapes and harmless.
                    let (zeros, all) = {
                        let next = source.fill_buf()?;
                        (next.iter().take_while(|b| **b == 0).count(), next.len())
                    };
                    if zeros > 0 && zeros == all {
                        source.consume(zeros);
                        self.layer = Layer::Between(source);
                        continue;
                    }
                    source.consume(zeros);
                    if all == 0 {
                        self.layer = Layer::Between(source);
                        return Ok(0);
                    }
                    self.member_at = source.at;
                    self.members += 1;
                    self.layer = Layer::Member(Box::new(GzDecoder::new(source)));
                }
                Layer::Member(mut decoder) => {
                    let read = decoder.read(&mut self.buffer)?;
                    if read > 0 {
                        self.layer = Layer::Member(decoder);
                        return Ok(read);
                    }
                    self.layer = Layer::Between(decoder.into_inner());
                }
                Layer::Gone => return Ok(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    }

    fn all(bytes: &[u8]) -> io::Result<(Vec<u8>, u64)> {
        let mut content = Content::open(bytes)?;
        let mut out = Vec::new();
        loop {
            let next = content.peek()?.to_vec();
            if next.is_empty() {
                return Ok((out, content.member()));
            }
            content.skip(next.len());
            out.extend(next);
        }
    }

    #[test]
    fn members_and_padding() {
        let file = [member(b"one"), member(b""), member(b"two"), vec![0; 700]].concat();
        assert_eq!(all(&file).expect("reads"), (b"onetwo".to_vec(), 3));
        assert_eq!(all(b"plain").expect("reads"), (b"plain".to_vec(), 0));
        assert_eq!(all(b"").expect("reads"), (Vec::new(), 0));
    }

    #[test]
    fn a_cut_member_is_an_error_and_not_an_end() {
        let whole = member(b"something that is long enough");
        for cut in 3..whole.len() {
            assert!(all(&whole[..cut]).is_err(), "cut at {cut}");
        }
    }
}
