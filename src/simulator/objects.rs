//! A folder that stands for Amazon S3: `s3://bucket/key` is the file `bucket/key` in it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Where objects lie.
#[derive(Clone, Debug)]
pub(super) struct Objects(PathBuf);

impl Objects {
    pub(super) fn new(folder: impl Into<PathBuf>) -> Objects {
        Objects(folder.into())
    }

    /// Writes an object, and the folders above it.
    pub(super) fn put(&self, bucket: &str, key: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(bucket, key)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)
    }

    /// The text objects whose key is this, or begins with it, and ends as asked; by the end of their key.
    pub(super) fn list(&self, bucket: &str, key: &str, ending: &str) -> io::Result<Vec<(String, String)>> {
        let path = self.path(bucket, key)?;
        let files = match path.is_dir() {
            true => {
                fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?
            }
            false => vec![path],
        };
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let named = files.into_iter().filter_map(|path| Some((name(&path)?, path)));
        let mut found: Vec<(String, PathBuf)> = named.filter(|(name, _)| name.ends_with(ending)).collect();
        found.sort();
        found.into_iter().map(|(name, path)| Ok((name, fs::read_to_string(path)?))).collect()
    }

    /// The file of an object; an error for a key that would lead out of its bucket.
    fn path(&self, bucket: &str, key: &str) -> io::Result<PathBuf> {
        let inside = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if bucket.is_empty() || !inside(bucket) || !inside(key) {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        Ok(self.0.join(bucket).join(key))
    }
}

/// Bucket and key of `s3://bucket/key`.
pub(super) fn parse_uri(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("s3://")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stay_in_their_bucket() {
        let objects = Objects::new("folder");
        assert_eq!(objects.path("b", "a/b.json").unwrap(), Path::new("folder/b/a/b.json"));
        for (bucket, key) in [("..", "a"), ("b", "../a"), ("b", "/etc/passwd"), ("", "a"), ("b", "a/../../c")] {
            assert!(objects.path(bucket, key).is_err(), "{bucket} {key}");
        }
    }
}
