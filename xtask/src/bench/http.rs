//! As much HTTP/1.1 as is needed to count what comes over the wire, byte by byte.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than any answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// What a browser accepts over plain HTTP.
    Packed,
    /// What the budget of a simulator is stated in.
    Gzip,
    Plain,
}

pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a str,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// Status line, headers and body, as they were sent.
    pub(super) wire_bytes: usize,
}

impl Answer {
    pub(super) fn text(self) -> crate::shell::Result<String> {
        String::from_utf8(self.body).map_err(|_| "the server sent something else than UTF-8: look at it by hand".into())
    }
}

pub(super) fn send(port: u16, request: &Request) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_nodelay(true)?;
    let Request { method, path, headers, body } = request;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\n");
    for (name, value) in *headers {
        text += &format!("{name}: {value}\r\n");
    }
    if *method != "GET" {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text += "\r\n";
    text += body;
    stream.write_all(text.as_bytes())?;
    receive(BufReader::new(stream))
}

fn receive(mut stream: impl BufRead) -> io::Result<Answer> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_until(b'\n', &mut head)? == 0 {
            return Err(broken("the answer ends in its headers"));
        }
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let status = text.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| broken("the answer has no status"))?;
    let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let mut wire_bytes = head.len();
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|encoding| encoding.contains("chunked")) {
        loop {
            let mut line = String::new();
            wire_bytes += stream.read_line(&mut line)?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16).map_err(|_| broken("a chunk has no size"))?;
            wire_bytes += stream.by_ref().take(size).read_to_end(&mut body)?;
            // The line that ends a chunk; after the last one it ends the (never used) trailers.
            wire_bytes += stream.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else {
        let length = header("content-length").and_then(|length| length.parse().ok());
        let length = length.ok_or_else(|| broken("the answer has no length"))?;
        wire_bytes += stream.take(length).read_to_end(&mut body)?;
        if body.len() as u64 != length {
            return Err(broken("the answer is shorter than it said"));
        }
    }
    Ok(Answer { status, body, wire_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_a_length() {
        let text = "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhelloNEXT";
        let answer = receive(text.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.wire_bytes), (404, text.len() - "NEXT".len()));
        assert_eq!(answer.text().unwrap(), "hello");
    }

    #[test]
    fn an_answer_in_chunks() {
        let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhell\r\n1;x=y\r\no\r\n0\r\n\r\n";
        let answer = receive(text.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.wire_bytes), (200, text.len()));
        assert_eq!(answer.text().unwrap(), "hello");
    }

    #[test]
    fn a_broken_answer_is_an_error() {
        assert!(receive("HTTP/1.1 200 OK\r\n".as_bytes()).is_err());
        assert!(receive("HTTP/1.1 200 OK\r\n\r\nhello".as_bytes()).is_err());
        assert!(receive("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello".as_bytes()).is_err());
    }
}
