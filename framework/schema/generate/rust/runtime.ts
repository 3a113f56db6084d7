/** What all Rust modules share: spans, and how they are checked and filled. */
export const RUST_RUNTIME = String.raw`//! Messages in place: numbers and structs are read where they lie, spans are checked on each read.

use ::core::marker::PhantomData;
use ::core::mem::{align_of, size_of};

/// A type of which any bytes are a value.
///
/// # Safety
/// Implement it for repr(C) types of such fields alone.
pub unsafe trait Plain: Copy {}

macro_rules! plain {
    ($($number:ty),*) => { $(
        // SAFETY: any bytes are a value of a number.
        unsafe impl Plain for $number {}
    )* };
}
plain!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

// SAFETY: so many values of which each may be anything.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// A message's schema.
pub trait Schema: Plain {
    const NAME: &'static str;
    /// What two programs compare before they share a slot.
    const LAYOUT_HASH: &'static str;
}

/// A point in time: since 1970-01-01T00:00:00Z.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    pub sec: i32,
    /// 0 to 999999999; always adds.
    pub nsec: u32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    pub sec: i32,
    /// 0 to 999999999; always adds.
    pub nsec: u32,
}

/// Where the elements of a variable array lie.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Span<T> {
    /// Bytes from the start of the message.
    pub offset: u32,
    /// Number of elements; 0 means empty, whatever the offset.
    pub length: u32,
    elements: PhantomData<T>,
}

/// Where the UTF-8 bytes of a string lie.
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
pub struct Text(pub Span<u8>);

// SAFETY: two integers each.
unsafe impl Plain for Time {}
unsafe impl Plain for Duration {}
unsafe impl Plain for Text {}
unsafe impl<T: Plain> Plain for Span<T> {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The message is shorter than its fixed part, or its bytes are not aligned to it.
    NoMessage,
    /// A span does not lie in the message's tail.
    Corrupt,
    /// Text is not UTF-8.
    NotText,
    /// The message has no more room.
    TooLong,
}

/// A message to be read.
#[derive(Clone, Copy)]
pub struct Message<'a, M> {
    bytes: &'a [u8],
    schema: PhantomData<M>,
}

impl<'a, M: Schema> Message<'a, M> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let aligned = bytes.as_ptr() as usize % 8 == 0;
        if !aligned || bytes.len() < size_of::<M>() {
            return Err(Error::NoMessage);
        }
        Ok(Self { bytes, schema: PhantomData })
    }

    /// The fixed part.
    pub fn fixed(&self) -> &'a M {
        // SAFETY: long enough and aligned (checked by new), and any bytes are a value.
        unsafe { &*self.bytes.as_ptr().cast::<M>() }
    }

    /// The elements of a variable array of this message.
    pub fn items<T: Plain>(&self, span: Span<T>) -> Result<&'a [T], Error> {
        let (start, length) = place::<M, T>(span, self.bytes.len())?;
        // SAFETY: inside the bytes and aligned (checked by place), and any bytes are a value.
        Ok(unsafe { ::core::slice::from_raw_parts(self.bytes.as_ptr().add(start).cast::<T>(), length) })
    }

    pub fn text(&self, text: Text) -> Result<&'a str, Error> {
        ::core::str::from_utf8(self.items(text.0)?).map_err(|_| Error::NotText)
    }
}

/// Where a span's elements begin, and how many there are; an empty one lies at the message's start, which is aligned.
fn place<M, T>(span: Span<T>, bytes: usize) -> Result<(usize, usize), Error> {
    let (start, length) = (span.offset as usize, span.length as usize);
    if length == 0 {
        return Ok((0, 0));
    }
    let fits = start >= size_of::<M>()
        && start <= bytes
        && start % align_of::<T>() == 0
        && length <= (bytes - start) / size_of::<T>();
    if fits { Ok((start, length)) } else { Err(Error::Corrupt) }
}

/// A message to be filled.
pub struct Writer<'a, M> {
    bytes: &'a mut [u8],
    length: usize,
    schema: PhantomData<M>,
}

impl<'a, M: Schema> Writer<'a, M> {
    /// Begins a message, all zeros, in bytes that are aligned to 8.
    pub fn new(bytes: &'a mut [u8]) -> Result<Self, Error> {
        if bytes.as_ptr() as usize % 8 != 0 {
            return Err(Error::NoMessage);
        }
        if bytes.len() < size_of::<M>() {
            return Err(Error::TooLong);
        }
        bytes[..size_of::<M>()].fill(0);
        Ok(Self { bytes, length: size_of::<M>(), schema: PhantomData })
    }

    /// The fixed part.
    pub fn fixed(&mut self) -> &mut M {
        // SAFETY: long enough and aligned (checked by new), and any bytes are a value.
        unsafe { &mut *self.bytes.as_mut_ptr().cast::<M>() }
    }

    /// Takes room for elements in the tail, all zeros; put the span into the field.
    pub fn allocate<T: Plain>(&mut self, length: usize) -> Result<Span<T>, Error> {
        let span = |offset: usize| Span { offset: offset as u32, length: length as u32, elements: PhantomData };
        if length == 0 {
            return Ok(span(0));
        }
        let start = (self.length + align_of::<T>() - 1) / align_of::<T>() * align_of::<T>();
        let most = (self.bytes.len().min(u32::MAX as usize)).saturating_sub(start) / size_of::<T>();
        if length > most {
            return Err(Error::TooLong);
        }
        let end = start + length * size_of::<T>();
        self.bytes[self.length..end].fill(0);
        self.length = end;
        Ok(span(start))
    }

    pub fn items<T: Plain>(&mut self, span: Span<T>) -> Result<&mut [T], Error> {
        let (start, length) = place::<M, T>(span, self.length)?;
        // SAFETY: inside the bytes and aligned (checked by place), and any bytes are a value.
        Ok(unsafe { ::core::slice::from_raw_parts_mut(self.bytes.as_mut_ptr().add(start).cast::<T>(), length) })
    }

    /// Takes room for a list, and copies it there.
    pub fn put<T: Plain>(&mut self, items: &[T]) -> Result<Span<T>, Error> {
        let span = self.allocate(items.len())?;
        self.items(span)?.copy_from_slice(items);
        Ok(span)
    }

    pub fn put_text(&mut self, text: &str) -> Result<Text, Error> {
        Ok(Text(self.put(text.as_bytes())?))
    }

    /// Bytes that the message takes.
    pub fn finish(self) -> usize {
        self.length
    }
}
`;
