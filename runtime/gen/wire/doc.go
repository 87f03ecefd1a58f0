// Package wire reads and writes the JSON of generated code: one pass, strict,
// without reflection and without unsafe. It is for generated code: its names may change.
//
// # Decoding
//
// A [Decoder] reads one JSON text (RFC 8259) that is held in a string. Strings
// without escapes are sub-slices of that text, so a decoded value keeps the
// text alive. Two kinds of trouble are kept apart:
//
//   - A text that is not well-formed ends the decoding for good: bad syntax, a
//     member name that occurs twice, invalid UTF-8, a lone surrogate, nesting
//     beyond [Limits], a number literal longer than [MaxNumber], text after the
//     value. [Decoder.Err] then returns a [*SyntaxError].
//   - A value that breaks its schema is recorded, and decoding goes on, up to
//     [Limits].Violations. Err then returns an [*Invalid].
//
// Nothing is known about the path of a value while decoding: a violation is an
// offset and a keyword. Err finds the JSON pointers afterwards by walking the
// text once more.
//
// # Encoding
//
// Values are appended to a byte slice. An [Encoder] carries what the writer
// needs to know of the caller, and collects violations of the response's
// schema.
//
// # Guarantees
//
//   - No error, pointer or detail contains a value of the text. Member names
//     appear in pointers only, shortened and cleaned.
//   - Work is linear in the text. What looks at it more than once, such as trying alternatives
//     ([Try]) and matching patterns ([Decoder.Matches]), draws on a budget of steps that is
//     proportional to the text: see [StepFactor].
//   - A Decoder, an Encoder and a Keys hold no global state. Decoders and
//     Encoders are not safe for concurrent use; Keys and Patterns are.
package wire
