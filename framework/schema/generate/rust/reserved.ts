/** Rust's keywords, of now and to come: a field of that name is written `r#type`. */
export const RUST_RAW: ReadonlySet<string> = new Set(
  `abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in let loop macro
  match mod move mut override priv pub ref return static struct trait true try type typeof unsafe unsized use virtual where while
  yield`.split(/\s+/),
);

/** Words that cannot be written so: a field of that name gets an underscore behind it. */
export const RUST_RESERVED: ReadonlySet<string> = new Set(['crate', 'self', 'super']);
