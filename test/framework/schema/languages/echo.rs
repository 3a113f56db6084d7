//! Says what it finds in a message of sample/Everything, and writes one: echo IN OUT.
#[path = "mod.rs"]
mod schemas;

use schemas::babus_message::{Error, Message, Writer};
use schemas::sample::{Everything, EverythingMode};

/// Bytes that a message may lie in.
fn room(bytes: usize) -> Vec<u64> {
    vec![0; bytes.div_ceil(8)]
}

fn bytes_of(words: &mut [u64]) -> &mut [u8] {
    unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), words.len() * 8) }
}

fn say(message: &Message<Everything>) -> Result<(), Error> {
    let all = message.fixed();
    println!("frame_id {}", message.text(all.frame_id)?);
    println!("stamp {} {}", all.stamp.sec, all.stamp.nsec);
    println!("mode {}", i32::from(all.mode.0 == EverythingMode::DRIVE.0));
    println!("i64 {} u64 {}", all.numbers.i64, all.numbers.u64);
    println!("f64 {}", all.numbers.f64);
    let shorts = message.items(all.lists.shorts)?;
    println!("shorts {} {}", shorts[0], shorts[1]);
    println!("label {}", message.text(message.items(all.lists.parts)?[0].label)?);
    println!("end {}", all.end);
    Ok(())
}

fn fill(bytes: &mut [u8]) -> Result<usize, Error> {
    let mut writer = Writer::<Everything>::new(bytes)?;
    writer.fixed().frame_id = writer.put_text("grü")?;
    writer.fixed().numbers.u64 = u64::MAX;
    writer.fixed().mode = EverythingMode::CONSTRUCTOR;
    writer.fixed().lists.doubles = writer.put(&[1.5, -2.0])?;
    writer.fixed().end = 9;
    Ok(writer.finish())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = std::fs::read(&arguments[1]).unwrap();
    let mut words = room(given.len());
    let bytes = bytes_of(&mut words);
    bytes[..given.len()].copy_from_slice(&given);
    say(&Message::new(&bytes[..given.len()]).unwrap()).unwrap();
    let mut words = room(65536);
    let bytes = bytes_of(&mut words);
    let length = fill(bytes).unwrap();
    std::fs::write(&arguments[2], &bytes[..length]).unwrap();
}
