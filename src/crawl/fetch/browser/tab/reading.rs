//! What stands on the page when it has come to rest: its document, and what it looks like.

use super::{Broken, Ended, Tab};
use bytes::Bytes;
use data_encoding::BASE64;
use serde_json::{Value, json};

/// Width of the page, and of its picture.
pub(super) const WIDTH: u32 = 1280;
/// Height of the window.
pub(super) const HEIGHT: u32 = 900;
/// Of a longer page the picture shows the upper part.
const MOST_HEIGHT: u32 = 4_096;
const LEAST_HEIGHT: u32 = 200;
/// Largest picture.
const MOST_PICTURE: usize = 6 << 20;
/// Largest document, in characters.
const MOST_TEXT: usize = 8 << 20;
/// Most elements: more of them no reader of ours takes in.
const MOST_ELEMENTS: usize = 300_000;

/// Reads the document where no script of the page can have changed what reading means.
fn expression() -> String {
    format!(
        "(() => {{ const root = document.documentElement; if (!root) return {{ empty: true }};\
         const elements = document.getElementsByTagName('*').length; if (elements > {MOST_ELEMENTS}) return {{ elements }};\
         const html = '<!DOCTYPE html>\\n' + root.outerHTML; if (html.length > {MOST_TEXT}) return {{ length: html.length }};\
         return {{ html: html.toWellFormed() }}; }})()"
    )
}

impl Tab<'_, '_> {
    async fn evaluate(&mut self, expression: String) -> Result<Value, Broken> {
        let world = json!({ "frameId": self.frame, "worldName": "reading" });
        let world = self.call("Page.createIsolatedWorld", world).await?;
        let context = &world["executionContextId"];
        let ask = json!({ "expression": expression, "contextId": context, "returnByValue": true, "timeout": 5_000 });
        let mut read = self.call("Runtime.evaluate", ask).await?;
        Ok(read["result"]["value"].take())
    }

    /// Elements of the page; none while it is being loaded anew.
    pub(super) async fn size(&mut self) -> Result<Option<u64>, Broken> {
        match self.evaluate("document.getElementsByTagName('*').length".to_owned()).await {
            Ok(count) => Ok(count.as_u64()),
            Err(Broken::Refused(_)) => Ok(None),
            Err(broken) => Err(broken),
        }
    }

    /// The page as it stands, with its picture.
    pub(super) async fn read(&mut self) -> Result<Ended, Broken> {
        let read = self.evaluate(expression()).await?;
        if let Some(count) = read["elements"].as_u64() {
            return Ok(Ended::Failed("too-large".to_owned(), format!("{count} elements")));
        }
        if let Some(length) = read["length"].as_u64() {
            return Ok(Ended::Failed("too-large".to_owned(), format!("{length} characters")));
        }
        let Some(html) = read["html"].as_str() else {
            return Ok(Ended::Failed("no-page".to_owned(), String::new()));
        };
        // Not what it calls itself now: a script may write any path of its own into the address bar.
        if let Some(document) = self.document.take().filter(|document| document != self.page) {
            return Ok(Ended::Moved(document));
        }
        let html = html.to_owned();
        // A page without a picture is as true as one with it.
        self.showing.picture = match self.picture().await {
            Ok(picture) => picture,
            Err(Broken::Refused(_)) => None,
            Err(broken) => return Err(broken),
        };
        Ok(Ended::Shown(html, self.status))
    }

    async fn picture(&mut self) -> Result<Option<(Bytes, u32, u32)>, Broken> {
        let metrics = self.call("Page.getLayoutMetrics", json!({})).await?;
        let height = metrics["cssContentSize"]["height"].as_f64().unwrap_or_default();
        let height = (height as u32).clamp(LEAST_HEIGHT, MOST_HEIGHT);
        let clip = json!({ "x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1 });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot: Value = self.call("Page.captureScreenshot", shot).await?;
        let png = shot["data"].as_str().and_then(|data| BASE64.decode(data.as_bytes()).ok());
        Ok(png.filter(|png| png.len() <= MOST_PICTURE).map(|png| (Bytes::from(png), WIDTH, height)))
    }
}
