//! All facts of one page, from one parse.

mod sniff;

use super::accessibility::{self, Accessibility};
use super::annual_report::{self, AnnualReport};
use super::attachments::{self, Attachment};
use super::breadcrumb::{self, Breadcrumb};
use super::charset::{self, Charset};
use super::column_list::{self, ColumnList, Survey};
use super::concealment::{self, Concealed};
use super::dates::{self, DateFact, DateOrigin};
use super::document::{self, Document};
use super::document_kind::{self, KindOfDocument};
use super::elements::{self, Elements};
use super::footer::{self, Footer};
use super::form::{self, Form};
use super::header::{self, Field, MetadataHeader};
use super::layout::Layout;
use super::links::{self, Link, Resolver};
use super::messages::{self, Message};
use super::meta::{self, MetaTag};
use super::page_kind::{self, PageKind, Signs};
use super::particulars::{self, Particulars};
use super::platform::{self, PlatformSign};
use super::rendering::{self, ByScript};
use super::search_box::{self, SearchBox, SearchForm};
use super::selected::{self, Matched, Selector};
use super::simhash::Simhash;
use super::table::{self, Table};
use super::transport::{self, Transport};
use super::tree::{ROOT, Tree};
use crate::exchange::{Exchange, decode_body};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One fetched HTML document with its facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Where it was fetched.
    pub url: CanonicalUrl,
    /// HTTP status.
    pub status: u16,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here first.
    pub via: Option<CanonicalUrl>,
    /// SHA-256 of the decoded body, hex.
    pub digest: String,
    /// Bytes of the body after content decoding.
    pub bytes: u64,
    /// home, column, article, other.
    pub kind: PageKind,
    /// Does it offer a search?
    pub search_box: SearchBox,
    /// Declared and used charset.
    pub charset: Charset,
    /// Title, headings, text.
    pub document: Document,
    /// Links in document order.
    pub links: Vec<Link>,
    /// `<meta name content>` in document order.
    pub meta: Vec<MetaTag>,
    /// The block of labelled values of a document (索引号, 文号 …); empty when there is none.
    pub header: MetadataHeader,
    /// Every date found, with where it came from.
    pub dates: Vec<DateFact>,
    /// What kind of document it is, with the evidence.
    pub document_kind: KindOfDocument,
    /// Items of a column list, when the page shows one.
    pub list: Option<ColumnList>,
    /// Breadcrumb trail, when there is one.
    pub breadcrumb: Option<Breadcrumb>,
    /// Footer elements.
    pub footer: Footer,
    /// Files offered for download.
    pub attachments: Vec<Attachment>,
    /// Tables with data in the main content.
    pub tables: Vec<Table>,
    /// Forms.
    pub forms: Vec<Form>,
    /// Elements that duties ask texts for.
    pub elements: Elements,
    /// Messages of the public with the state of their answers.
    pub messages: Vec<Message>,
    /// What static HTML shows of accessibility.
    pub accessibility: Accessibility,
    /// How it came.
    pub transport: Transport,
    /// The annual report on disclosure that the page holds, when it is one.
    pub report: Option<Box<AnnualReport>>,
    /// What the selectors of the plan match, in their order; see [`super::selected`].
    pub selected: Vec<Matched>,
    /// The content management system that the page betrays.
    pub platform: Option<PlatformSign>,
    /// Print of the visible main text, to find near-duplicates; none for a short text.
    pub simhash: Option<Simhash>,
    /// External links that are kept from readers' eyes, and how.
    pub concealed: Vec<Concealed>,
    /// What is read beyond, by the kind of document.
    pub particulars: Option<Box<Particulars>>,
    /// Would a browser show more of it?
    pub by_script: Option<ByScript>,
    /// Are these facts those of the page as a browser showed it?
    pub rendered: bool,
}

/// What a look through all pages of a run asks for: kept beside the facts, which are some hundred times as long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// Where it was fetched.
    pub url: CanonicalUrl,
    /// HTTP status.
    pub status: u16,
    /// Links followed from a seed.
    pub hops: u32,
    /// The page that led here first.
    pub via: Option<CanonicalUrl>,
    /// SHA-256 of the decoded body, hex.
    pub digest: String,
    /// home, column, article, other.
    pub kind: PageKind,
    /// Title as a reader sees it.
    pub title: String,
    /// The publish date to believe.
    pub publish_date: Option<jiff::civil::Date>,
    /// The search that it offers.
    pub search: Option<SearchForm>,
}

impl Glance {
    /// Of a page.
    pub fn of(page: &Page) -> Self {
        Glance {
            url: page.url.clone(),
            status: page.status,
            hops: page.hops,
            via: page.via.clone(),
            digest: page.digest.clone(),
            kind: page.kind,
            title: page.title().to_owned(),
            publish_date: page.publish_date(),
            search: page.search_box.form.clone(),
        }
    }
}

impl Page {
    /// Content of the first meta tag of that name, names compared without case.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.meta.iter().find(|m| m.name.eq_ignore_ascii_case(name)).map(|m| m.content.as_str())
    }

    /// The publish date to believe: see [`super::dates::publish_date`].
    pub fn publish_date(&self) -> Option<jiff::civil::Date> {
        super::dates::publish_date(&self.dates)
    }

    /// The written date (成文日期) to believe.
    pub fn written_date(&self) -> Option<jiff::civil::Date> {
        super::dates::written_date(&self.dates)
    }

    /// 来源: the visible label, else the `ContentSource` meta. The two may differ; both stay in the facts.
    pub fn source(&self) -> Option<&str> {
        self.header.value(Field::Source).or_else(|| content_source(&self.meta))
    }

    /// 文号 of the header block.
    pub fn document_number(&self) -> Option<&str> {
        self.header.value(Field::DocumentNumber)
    }

    /// 索引号 of the header block.
    pub fn index_number(&self) -> Option<&str> {
        self.header.value(Field::IndexNumber)
    }

    /// 发布机构 of the header block.
    pub fn issuing_body(&self) -> Option<&str> {
        self.header.value(Field::IssuingBody)
    }

    /// 有效性 of the header block.
    pub fn validity(&self) -> Option<&str> {
        self.header.value(Field::Validity)
    }

    /// 网站标识码: the footer's, else the `SiteIDCode` meta's, else the one that the error-report link carries.
    pub fn site_id_code(&self) -> Option<&str> {
        let of_meta = self.meta("SiteIDCode").filter(|c| !c.is_empty());
        let footer = &self.footer;
        footer.site_id_code.as_deref().or(of_meta).or(footer.error_report_code.as_deref())
    }

    /// Title of the article or column as a reader sees it: header value, `<h1>`, meta, then `<title>` without the site's name.
    #[allow(clippy::misnamed_getters)] // the title that a reader sees is the best of several
    pub fn title(&self) -> &str {
        &self.document.best_title
    }
}

fn content_source(meta: &[MetaTag]) -> Option<&str> {
    meta.iter().find(|m| m.name.eq_ignore_ascii_case("ContentSource")).map(|m| m.content.as_str()).filter(|c| !c.is_empty())
}

/// Longest line about a page.
const ABOUT: usize = 90;

/// Does a block speak of the page, not of its matter? The trail differs from column to column where the document is the same, and so do
/// the minute of its publishing and the count of its readers.
fn is_of_frame(text: &str) -> bool {
    const LABELS: [&str; 12] = [
        "发布时间",
        "发布日期",
        "发文时间",
        "更新时间",
        "浏览次数",
        "浏览量",
        "点击",
        "阅读次数",
        "访问次数",
        "访问量",
        "信息来源",
        "来源：",
    ];
    let short = text.len() <= ABOUT || (text.len() <= ABOUT * 4 && text.chars().count() <= ABOUT);
    (short && LABELS.iter().any(|label| text.contains(label))) || text.contains("位置")
}

/// Largest page that is read, after content decoding.
const MAX_BODY: u64 = 16 * 1_024 * 1_024;

/// Reads the facts of one page. `None` when the body is not HTML (by content, whatever the header says) or cannot be decoded.
/// Bounded in time and memory whatever the bytes; never panics.
pub fn read(exchange: &Exchange) -> Option<Page> {
    read_with(exchange, &[])
}

/// [`read`], looking for the elements that a plan asks for as well.
pub fn read_with(exchange: &Exchange, selectors: &[Selector]) -> Option<Page> {
    let body = decode_body(exchange, MAX_BODY).ok()?;
    let media_type = exchange.media_type();
    if !sniff::may_be_html(&body, media_type.as_deref()) {
        return None;
    }
    let (text, charset) = charset::decode(&body, exchange.header("content-type"));
    if !sniff::is_html(&text, media_type.as_deref()) {
        return None;
    }
    if sniff::is_server_listing(&text) {
        return None;
    }
    let source = sniff::without_server_code(&text);
    let tree = Tree::parse(&source);
    let layout = Layout::of(&tree);
    let resolver = Resolver::new(&layout, &exchange.url, charset.encoding());

    let links = links::collect(&layout, &resolver);
    let meta = meta::collect(&tree);
    let content = document::content::find(&layout);
    let title = document::title_tag(&layout);
    let survey = Survey::of(&layout, &resolver);
    let in_list = |id| survey.covers(&layout, id);
    let header = header::read(&layout, content, &in_list);
    let of_dates = dates::read::Sources { header: &header, meta: &meta, url: &exchange.url, content, title: &title };
    let mut dates = dates::read::read(&layout, &of_dates, &in_list);
    use DateOrigin::{Declared, Meta, Url, VisibleLabel, VisibleMarked, VisibleNearTitle, WrittenLabel};
    let dated = dates.iter().any(|d| matches!(d.origin, VisibleLabel | VisibleMarked | Declared | VisibleNearTitle));
    let signs = Signs { url: &exchange.url, meta: &meta, title: &title, header: &header, survey: &survey, content, dated };
    let kind = page_kind::of(&layout, &signs);
    if kind != PageKind::Article {
        // Dates in passing are not those of a column; a page of records is as new as its newest record.
        dates.retain(|d| {
            matches!(d.origin, VisibleMarked | Declared | Meta | Url | WrittenLabel) || (d.origin == VisibleLabel && header.block)
        });
        if kind == PageKind::Column {
            dates.extend(survey.newest_record().map(dates::newest_record));
        }
    }
    let article = content.filter(|_| kind == PageKind::Article);
    let best_title = document::title::best(
        &layout,
        &document::title::Sources { tag: &title, meta: &meta, header: &header, kind, content: article },
    );
    let mut document = document::read(&layout, title, article);
    document.best_title = best_title;
    let list = column_list::read(&layout, &survey, kind, &exchange.url, &links);
    let breadcrumb = breadcrumb::read(&layout, &resolver);
    let of_kind = document_kind::read::Sources {
        title: &document.best_title,
        path: breadcrumb.as_ref().map(|b| b.names().collect()).unwrap_or_default(),
        meta: &meta,
        header: &header,
        source: header.value(Field::Source).or_else(|| content_source(&meta)),
        text: &document.main,
    };
    let rows = list.as_ref().map_or(0, |l| l.items.len());
    let document_kind = match kind {
        PageKind::Article => document_kind::read::read(&of_kind),
        PageKind::Column | PageKind::Other if rows == 0 => document_kind::read::read_standing(&of_kind),
        _ => KindOfDocument::default(),
    };
    let by_script = rendering::by_script(&rendering::Sources {
        layout: &layout,
        kind,
        list: list.as_ref(),
        links: &links,
        loads: survey.loads,
    });
    let footer = footer::read(&layout, &links);
    let attachments = attachments::collect(&links);
    let platform = platform::read(&tree, &exchange.url, &meta, &links);
    let selected = selected::read(&layout, selectors);
    let forms = form::read::collect(&layout, &resolver);
    let elements = elements::read::read(&layout);
    let messages = messages::read::read(&layout, &resolver, &exchange.url);
    let own = document.main.iter().filter(|block| block.hidden.is_none() && !is_of_frame(&block.text));
    let simhash = Simhash::of(own.map(|block| block.text.as_str()));
    let concealed = concealment::collect(&layout, &resolver, &exchange.url);
    let search_box = search_box::read(&layout, &resolver, &charset.used, &source);
    let accessibility = accessibility::read(&layout, &resolver, &source);
    let particulars = if kind == PageKind::Article {
        particulars::read(&particulars::Sources {
            kind: document_kind.kind,
            path: breadcrumb.as_ref().map(|b| b.names().collect()).unwrap_or_default(),
            document: &document,
            links: &links,
            attachments: &attachments,
            dates: &dates,
            writes: tree.named("textarea").next().is_some(),
            script_holds: &|words| {
                tree.named("script").any(|id| {
                    let script = tree.raw_text(id);
                    words.iter().any(|word| script.contains(word))
                })
            },
            film: tree.descendants(ROOT).any(|id| matches!(tree.name(id), "video" | "audio" | "embed")),
        })
    } else {
        None
    };
    let tables = table::collect::collect(&layout, &resolver);
    let report = annual_report::read::of_page(&annual_report::read::PageSources {
        layout: &layout,
        tables: &tables,
        url: &exchange.url,
        title: &document.best_title,
        kind,
        header: &header,
        dates: &dates,
        attachments: &attachments,
    });

    Some(Page {
        url: exchange.url.clone(),
        status: exchange.status,
        hops: exchange.hops,
        via: exchange.via.clone(),
        digest: data_encoding::HEXLOWER.encode(&Sha256::digest(&body)),
        bytes: body.len() as u64,
        charset,
        document,
        kind,
        links,
        meta,
        header,
        dates,
        document_kind,
        list,
        breadcrumb,
        footer,
        attachments,
        tables: tables.tables,
        forms,
        elements,
        messages,
        accessibility,
        search_box,
        transport: transport::read(&tree, exchange),
        selected,
        platform,
        simhash,
        concealed,
        particulars,
        by_script,
        rendered: false,
        report: report.map(Box::new),
    })
}
