//! The documents, videos and sounds of a request, made ready: fetched where they are URLs, and what they are told by
//! their bytes.

use futures::future::try_join_all;

use crate::conversation::{Block, File, FileKind, FileSource, Request};
use crate::error::{Error, Kind, Result};
use crate::media::{self, Fetcher, FileClass, ReadyFile, Source};

/// Replaces every reference in `request` by the file itself.
pub(super) async fn make_ready(request: &mut Request, fetcher: &Fetcher) -> Result<()> {
    let parts = request.messages.iter_mut().flat_map(|message| message.content.parts_mut());
    let files = parts.filter_map(|part| match part {
        Block::File(file) => Some(make_one_ready(file, fetcher)),
        _ => None,
    });
    try_join_all(files).await.map(|_| ())
}

async fn make_one_ready(file: &mut File, fetcher: &Fetcher) -> Result<()> {
    let FileSource::Reference(reference) = &mut file.source else { return Ok(()) };
    let reference = std::mem::take(reference);
    let ready = prepare(reference, class(file.kind), file.format.clone(), fetcher).await;
    let ready = ready.map_err(|error| error.in_field(&file.param))?;
    file.format = Some(ready.format.to_owned());
    file.source = FileSource::Ready(ready.base64);
    Ok(())
}

async fn prepare(reference: String, class: FileClass, called: Option<String>, fetcher: &Fetcher) -> Result<ReadyFile> {
    let work = match Source::parse(reference).map_err(media::about_a_file)? {
        Source::Inline(inline) => {
            tokio::task::spawn_blocking(move || media::prepare_file_inline(inline, class, called.as_deref()))
        }
        Source::Remote(url) => {
            let bytes = fetcher.fetch(&url).await.map_err(media::about_a_file)?;
            tokio::task::spawn_blocking(move || media::prepare_file_bytes(&bytes, class, called.as_deref()))
        }
    };
    work.await.unwrap_or_else(|_| Err(Error::new(Kind::Internal, "The file could not be processed.")))
}

fn class(kind: FileKind) -> FileClass {
    match kind {
        FileKind::Document => FileClass::Document,
        FileKind::Video => FileClass::Video,
        FileKind::Audio => FileClass::Audio,
    }
}
