//! The pictures of a request, made ready: fetched where they are URLs, checked and fitted off the async threads.

use std::sync::{Arc, LazyLock};

use futures::future::try_join_all;

use crate::conversation::{Image, ImageSource, Loss, LossCode, Request};
use crate::error::{Error, Kind, Result};
use crate::media::{self, FetchLimits, Fetcher, Limits, Reach, Source};

/// A library fetches what its caller names. A server, which serves strangers, has a fetcher of its own:
/// [`Client::fetching`](super::Client::fetching).
static FETCHER: LazyLock<Arc<Fetcher>> =
    LazyLock::new(|| Arc::new(Fetcher::new(Reach::Anything, FetchLimits::default())));

/// The fetcher of a program that has not chosen one.
pub(super) fn fetcher() -> Arc<Fetcher> {
    FETCHER.clone()
}

/// Replaces every reference in `request` by the picture itself.
pub(super) async fn make_ready(request: &mut Request, fetcher: &Fetcher, losses: &mut Vec<Loss>) -> Result<()> {
    let images = request.messages.iter_mut().flat_map(|message| message.content.images_mut());
    make_all_ready(images, &Limits::default(), fetcher, losses).await
}

/// The same for pictures that stand elsewhere, within limits of their own.
pub(super) async fn make_all_ready(
    images: impl Iterator<Item = &mut Image>,
    limits: &Limits,
    fetcher: &Fetcher,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let notes = try_join_all(images.map(|image| make_one_ready(image, limits, fetcher))).await?;
    losses.extend(notes.into_iter().flatten());
    Ok(())
}

async fn make_one_ready(image: &mut Image, limits: &Limits, fetcher: &Fetcher) -> Result<Vec<Loss>> {
    let ImageSource::Reference(reference) = &mut image.source else { return Ok(Vec::new()) };
    let reference = std::mem::take(reference);
    let picture = prepare(reference, *limits, fetcher).await.map_err(|error| error.in_field(&image.param))?;
    let loss = |note: &String| Loss::of(LossCode::ImageConverted, image.param.clone(), note.clone());
    let losses = picture.notes.iter().map(loss).collect();
    image.source = ImageSource::Ready(picture);
    Ok(losses)
}

async fn prepare(reference: String, limits: Limits, fetcher: &Fetcher) -> Result<media::Image> {
    let work = match Source::parse(reference)? {
        Source::Inline(inline) => tokio::task::spawn_blocking(move || media::prepare_inline(inline, &limits)),
        Source::Remote(url) => {
            let bytes = fetcher.fetch(&url).await?;
            tokio::task::spawn_blocking(move || media::prepare_bytes(&bytes, &limits))
        }
    };
    work.await.unwrap_or_else(|_| Err(Error::new(Kind::Internal, "The image could not be processed.")))
}
