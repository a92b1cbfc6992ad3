//! Documents and search results: which there are, how they begin, and quotations from them with citations.

use serde_json::{Value, json};

use super::phrases::{Phrase, stem};
use super::{Ask, tokens};
use crate::simulator::answer::{Block, Spoken};
use crate::simulator::question::{Document, Part, Role, SearchResult, Source, Turn};

/// Most tokens of a document that an answer repeats.
const QUOTED_TOKENS: u64 = 60;

/// Most words of a question that are looked for in documents.
const MOST_WORDS: usize = 50;
/// Most sentences and chunks that they are looked for in.
const MOST_SPANS: usize = 2000;

/// What an answer may be about.
enum Piece<'a> {
    Document(&'a Document),
    Found(&'a SearchResult),
}

/// A stretch of a piece that can be cited.
struct Span<'a> {
    /// Which document, or which search result, from 0.
    index: usize,
    piece: &'a Piece<'a>,
    text: &'a str,
    /// Characters or chunks.
    start: usize,
    end: usize,
}

/// Names, sizes and first lines; a quotation with its citation where citations are wanted.
pub(super) fn tell(ask: &Ask) -> Option<Vec<Block>> {
    let about = ask.phrase.has_any(&["document", "documents", "file", "files", "pdf", "attachment", "text"]);
    let mut turns = ask.question.turns.iter().rev().filter(|turn| turn.role == Role::User);
    let latest = turns.next().filter(|turn| !pieces_of(turn).is_empty());
    let turn = latest.or_else(|| turns.find(|turn| about && !pieces_of(turn).is_empty()))?;
    let pieces = pieces_of(turn);
    let earlier = ask.question.turns.iter().take_while(|earlier| !std::ptr::eq(*earlier, turn)).flat_map(pieces_of);
    let documents = |piece: &Piece| matches!(piece, Piece::Document(_));
    let (documents, results): (Vec<_>, Vec<_>) = earlier.partition(documents);
    quoted(ask, &pieces, (documents.len(), results.len())).or_else(|| Some(vec![Block::text(described(ask, &pieces))]))
}

fn pieces_of(turn: &Turn) -> Vec<Piece<'_>> {
    let pieces = turn.parts_within().filter_map(|part| match part {
        Part::Document(document) => Some(Piece::Document(document)),
        Part::SearchResult(found) => Some(Piece::Found(found)),
        _ => None,
    });
    pieces.collect()
}

fn described(ask: &Ask, pieces: &[Piece]) -> String {
    let first_line =
        ask.phrase.has_any(&["first line", "first sentence", "begin", "begins", "start", "starts", "title"]);
    let told = pieces.iter().map(|piece| {
        let text = piece.text();
        let line =
            text.lines().map(str::trim).find(|line| !line.is_empty()).map(|line| tokens::truncate(line, QUOTED_TOKENS));
        match line {
            Some(line) if first_line => format!("\"{}\" begins: {line}", piece.name()),
            Some(line) => format!("{} It begins: {line}", piece.described()),
            None => piece.described(),
        }
    });
    let told: Vec<String> = told.collect();
    match told.len() {
        1 => told.concat(),
        many => format!("There are {many} documents.\n{}", told.join("\n")),
    }
}

/// "The document says: …" with the sentence that fits the question best, if the caller wants citations.
/// `earlier` counts the documents and search results of the turns before.
fn quoted(ask: &Ask, pieces: &[Piece], earlier: (usize, usize)) -> Option<Vec<Block>> {
    let spans = spans(pieces, earlier);
    let words = ask.phrase.words().iter().filter(|word| word.len() > 3).map(|word| stem(word));
    let words: Vec<&str> = words.take(MOST_WORDS).collect();
    let fit = |span: &&Span| {
        let said = Phrase::new(span.text);
        words.iter().filter(|word| said.words().iter().any(|said| stem(said) == **word)).count()
    };
    // The first of the best.
    let best = spans.iter().rev().max_by_key(fit)?;
    let citations = vec![best.citation()];
    Some(vec![
        Block::text(format!("\"{}\" says: ", best.piece.name())),
        Block::Text { text: Spoken::Whole(best.text.trim().to_owned()), citations },
    ])
}

/// The sentences and chunks of what is to be cited.
fn spans<'a>(pieces: &'a [Piece<'a>], (mut documents, mut results): (usize, usize)) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for piece in pieces {
        let index = match piece {
            Piece::Document(_) => &mut documents,
            Piece::Found(_) => &mut results,
        };
        if piece.cited() {
            spans.extend(piece.spans(*index));
        }
        *index += 1;
    }
    spans.truncate(MOST_SPANS);
    spans
}

impl<'a> Piece<'a> {
    fn cited(&self) -> bool {
        match self {
            Piece::Document(document) => document.citations,
            Piece::Found(found) => found.citations,
        }
    }

    fn name(&self) -> &str {
        match self {
            Piece::Document(document) if document.name.is_empty() => "The document",
            Piece::Document(document) => &document.name,
            Piece::Found(found) => &found.title,
        }
    }

    fn text(&self) -> String {
        match self {
            Piece::Document(document) => document.source.text().into_owned(),
            Piece::Found(found) => found.chunks.concat(),
        }
    }

    fn described(&self) -> String {
        let format = |document: &Document| match document.format.as_str() {
            "" => "a document".to_owned(),
            format => format!("a {format}"),
        };
        match self {
            Piece::Document(document) => match &document.source {
                Source::Bytes(bytes) => {
                    format!("\"{}\" is {} of {} bytes.", self.name(), format(document), bytes.len())
                }
                Source::Elsewhere(address) => {
                    format!("\"{}\" is {} at {address}.", self.name(), format(document))
                }
                Source::Text(text) => {
                    format!("\"{}\" is {} of {} characters.", self.name(), format(document), text.chars().count())
                }
                Source::Chunks(chunks) => {
                    format!("\"{}\" is {} in {} parts.", self.name(), format(document), chunks.len())
                }
            },
            Piece::Found(found) => format!("\"{}\" is from {}.", found.title, found.source),
        }
    }

    fn spans(&'a self, index: usize) -> Vec<Span<'a>> {
        let chunks = match self {
            Piece::Document(Document { source: Source::Chunks(chunks), .. }) => chunks,
            Piece::Found(found) => &found.chunks,
            Piece::Document(Document { source: Source::Text(text), .. }) => return self.sentences(text, index),
            Piece::Document(Document { source: Source::Bytes(bytes), .. }) => {
                return self.sentences(std::str::from_utf8(bytes).unwrap_or_default(), index);
            }
            Piece::Document(_) => return Vec::new(),
        };
        let chunk = |(at, text): (usize, &'a String)| Span { index, piece: self, text, start: at, end: at + 1 };
        chunks.iter().enumerate().map(chunk).collect()
    }

    fn sentences(&'a self, text: &'a str, index: usize) -> Vec<Span<'a>> {
        let (mut spans, mut start) = (Vec::new(), 0);
        for sentence in split(text) {
            let end = start + sentence.chars().count();
            if !sentence.trim().is_empty() {
                spans.push(Span { index, piece: self, text: sentence, start, end });
            }
            start = end;
        }
        spans
    }
}

/// Sentences, each with the white space behind it (as Claude counts them: recordings).
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut ended = false;
        let boundary = rest.char_indices().find_map(|(at, c)| {
            let is_over = ended && !c.is_whitespace();
            ended = if c.is_whitespace() { ended || c == '\n' } else { matches!(c, '.' | '!' | '?') };
            // A full stop ends a sentence only where white space follows.
            let glued = is_over && !rest.get(..at)?.ends_with(char::is_whitespace);
            // "e.g. by mail" goes on.
            (is_over && !glued && !c.is_lowercase()).then_some(at)
        });
        let (sentence, tail) = rest.split_at_checked(boundary.unwrap_or(rest.len()))?;
        rest = tail;
        (!sentence.is_empty()).then_some(sentence)
    })
}

impl Span<'_> {
    /// Converse's `Citation`.
    fn citation(&self) -> Value {
        let place = |index: &str| json!({index: self.index, "end": self.end, "start": self.start});
        let content = json!([{"text": self.text}]);
        match self.piece {
            Piece::Found(found) => json!({
                "location": {"searchResultLocation": place("searchResultIndex")},
                "source": found.source,
                "sourceContent": content,
                "title": found.title,
            }),
            Piece::Document(document) => {
                let kind = match document.source {
                    Source::Chunks(_) => "documentChunk",
                    _ => "documentChar",
                };
                json!({
                    "location": {kind: place("documentIndex")},
                    "sourceContent": content,
                    "title": document.name,
                })
            }
        }
    }
}

/// Tokens of a binary document: about six bytes each (a recorded PDF of 13,264 bytes was 2,127 tokens).
const BYTES_PER_TOKEN: usize = 6;

/// Tokens that a document costs.
pub(super) fn cost(document: &Document) -> u64 {
    let bytes = match &document.source {
        Source::Bytes(bytes) if std::str::from_utf8(bytes).is_err() => bytes.len().div_ceil(BYTES_PER_TOKEN) as u64,
        source => tokens::count(&source.text()),
    };
    bytes + tokens::count(&document.name) + tokens::count(&document.context)
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;
    use super::*;
    use crate::simulator::question::Question;

    fn document(source: Source, citations: bool) -> Part {
        Part::Document(Document {
            name: "policy".into(),
            format: "txt".into(),
            source,
            context: String::new(),
            citations,
        })
    }

    fn asked(text: &str, parts: Vec<Part>) -> Question {
        let mut question = ask(text);
        question.turns[0].parts.extend(parts);
        question
    }

    const POLICY: &str =
        "Company leave policy: Employees get 20 days annual leave. Consult with your manager, e.g. by mail.";

    #[test]
    fn tells_what_documents_there_are() {
        let text = || Source::Bytes(b"\n First line \nSecond".to_vec());
        let one = asked("What is this?", vec![document(text(), false)]);
        assert_eq!(answer(&one, false).text(), "\"policy\" is a txt of 20 bytes. It begins: First line");
        let first = asked("What is the first line of the document?", vec![document(text(), false)]);
        assert_eq!(answer(&first, false).text(), "\"policy\" begins: First line");
        let binary = asked("Sum it up.", vec![document(Source::Bytes(vec![0xff; 9]), true)]);
        assert_eq!(answer(&binary, false).text(), "\"policy\" is a txt of 9 bytes.");
        let two =
            asked("And these?", vec![document(text(), false), document(Source::Elsewhere("s3://b/k".into()), false)]);
        assert!(
            answer(&two, false).text().starts_with("There are 2 documents.\n\"policy\" is"),
            "{:?}",
            answer(&two, false)
        );
    }

    #[test]
    fn citations_name_a_real_stretch() {
        let question = asked("Should I consult my manager?", vec![document(Source::Text(POLICY.into()), true)]);
        let answer = answer(&question, false);
        let [_, Block::Text { text, citations }] = answer.blocks.as_slice() else { panic!("{answer:?}") };
        let location = &citations[0]["location"]["documentChar"];
        let at = |key: &str| location[key].as_u64().unwrap() as usize;
        let cited: String = POLICY.chars().skip(at("start")).take(at("end") - at("start")).collect();
        assert_eq!(citations[0]["sourceContent"][0]["text"], cited.as_str());
        assert_eq!(text.text(), cited.trim());
        assert_eq!(text.text(), "Consult with your manager, e.g. by mail.");
    }

    #[test]
    fn chunks_and_search_results_are_cited_by_number() {
        let chunks = Source::Chunks(vec!["Leave is 20 days. ".into(), "Ask your manager.".into()]);
        let found = Part::SearchResult(SearchResult {
            source: "https://example.com/a".into(),
            title: "Guide".into(),
            chunks: vec!["Bees make honey.".into()],
            citations: true,
        });
        let citation = |text: &str| {
            let question = asked(text, vec![document(chunks.clone(), true), found.clone()]);
            match answer(&question, false).blocks.pop() {
                Some(Block::Text { citations, .. }) => citations[0].clone(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            citation("What does the manager say?")["location"],
            json!({"documentChunk": {"documentIndex": 0, "end": 2, "start": 1}})
        );
        let honey = citation("Who makes honey?");
        assert_eq!(honey["location"], json!({"searchResultLocation": {"searchResultIndex": 0, "end": 1, "start": 0}}));
        assert_eq!(honey["source"], "https://example.com/a");
    }
}
