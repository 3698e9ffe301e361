//! OFD (GB/T 33190): pages of placed text, put together like those of a PDF.

use super::archive::Container;
use super::pdf::{PdfPage, Span};
use super::xml::{Node, walk};
use super::{Contents, FileKind, Reading, Writing, pdf};

/// Points of a millimetre, the unit of the format.
const POINTS: f32 = 72.0 / 25.4;
/// Objects read of one page.
const MOST_OBJECTS: usize = 20_000;

/// Reads a container that is known to hold an OFD.
pub(super) fn read(container: &mut Container<'_>) -> Contents {
    match pages(container) {
        Ok((pages, count)) if count > 0 => written(&pages, count),
        Ok(_) => Contents::ended(FileKind::Ofd, Reading::Damaged("no page".to_owned())),
        Err(reading) => Contents::ended(FileKind::Ofd, reading),
    }
}

fn pages(container: &mut Container<'_>) -> Result<(Vec<PdfPage>, usize), Reading> {
    let Some(root) = container.read("OFD.xml")? else { return Ok((Vec::new(), 0)) };
    let mut documents = Vec::new();
    let mut inside = false;
    walk(&root, &mut |node| {
        match node {
            Node::Open(name, _) => inside = name == "DocRoot",
            Node::Text(text) if inside => documents.push(text.trim().to_owned()),
            _ => inside = false,
        }
        documents.len() < 16
    });
    let (mut pages, mut count) = (Vec::new(), 0);
    for document in documents.iter().filter(|name| !name.is_empty()) {
        let Some(part) = container.read(document)? else { continue };
        let mut locations = Vec::new();
        walk(&part, &mut |node| {
            if let Node::Open("Page", attributes) = node
                && let Some(location) = attributes.get("BaseLoc")
            {
                locations.push(beside(document, &location));
            }
            true
        });
        for location in locations {
            count += 1;
            if pages.len() < pdf::MAX_PAGES as usize
                && let Some(part) = container.read(&location)?
            {
                pages.push(page(&part, count));
            }
        }
    }
    Ok((pages, count))
}

/// A location relative to the folder of a part; one that begins with `/` is that of the container.
fn beside(part: &str, location: &str) -> String {
    match location.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => {
            let folder = part.trim_start_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{location}").trim_start_matches('/').to_owned()
        }
    }
}

fn page(part: &[u8], number: usize) -> PdfPage {
    let (width, height) = (210.0 * POINTS, 297.0 * POINTS);
    let mut page = PdfPage { number: u32::try_from(number).unwrap_or(u32::MAX), width, height, ..PdfPage::default() };
    let (mut boundary, mut size) = ([0.0f32; 4], 0.0f32);
    let (mut code, mut in_box): (Option<(f32, f32)>, bool) = (None, false);
    walk(part, &mut |node| {
        match node {
            Node::Open("TextObject", attributes) => {
                let numbers: Vec<f32> =
                    attributes.get("Boundary").unwrap_or_default().split_whitespace().map(number_of).collect();
                boundary = [0, 1, 2, 3].map(|at| numbers.get(at).copied().unwrap_or(0.0) * POINTS);
                size = attributes.get("Size").map_or(4.0, |text| number_of(&text)) * POINTS;
            }
            Node::Open("PhysicalBox", _) => in_box = true,
            Node::Text(text) if in_box => {
                if let [_, _, width, height] = text.split_whitespace().map(number_of).collect::<Vec<_>>()[..]
                    && width > 0.0
                {
                    (page.width, page.height) = (width * POINTS, height * POINTS);
                }
            }
            Node::Close("PhysicalBox") => in_box = false,
            Node::Open("TextCode", attributes) => {
                let place = |name| attributes.get(name).map_or(0.0, |text| number_of(&text)) * POINTS;
                code = Some((place("X"), place("Y")));
            }
            Node::Open("ImageObject" | "Image", _) => page.picture = true,
            Node::Close("TextCode") => code = None,
            Node::Text(text) => {
                if let Some((x, y)) = code {
                    let text: String = text.chars().map(|c| if is_readable(c) { c } else { '\u{fffd}' }).collect();
                    // X and Y are the foot of the first character inside the object's box.
                    let foot = boundary[1] + if y > 0.0 { y } else { boundary[3] };
                    // The box may be wider than its text; half a square is what a Latin letter takes.
                    let text_width: f32 = text.chars().map(|c| if c.is_ascii() { size / 2.0 } else { size }).sum();
                    let width = text_width.min((boundary[2] - x).max(size));
                    if !text.trim().is_empty() && page.spans.len() < MOST_OBJECTS {
                        page.spans.push(Span { text, x: boundary[0] + x, y: foot - size, width, height: size, size });
                    }
                }
            }
            _ => {}
        }
        true
    });
    page.order();
    page
}

fn number_of(text: &str) -> f32 {
    text.trim().parse::<f32>().ok().filter(|n| n.is_finite()).unwrap_or(0.0)
}

/// Text that was mapped to glyphs keeps marks in place of characters.
fn is_readable(c: char) -> bool {
    !matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{a4}' | '\u{fffd}' | '\u{f0000}'..) && !c.is_control()
}

fn written(pages: &[PdfPage], count: usize) -> Contents {
    let mut writing = Writing::default();
    for page in pages.iter().filter(|page| !page.is_scan()) {
        page.paragraphs().iter().for_each(|text| writing.paragraph(text));
    }
    let blank = pages.iter().filter(|page| page.is_scan()).count();
    let mut contents = writing.into_contents(FileKind::Ofd);
    contents.pages = Some(u32::try_from(count).unwrap_or(u32::MAX));
    contents.scanned_pages = Some(u32::try_from(blank).unwrap_or(u32::MAX));
    contents.cut |= pages.len() < count;
    contents
}
