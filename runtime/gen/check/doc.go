// Package check is what generated code calls to hold a JSON value against a schema
// that no Go type can say: one with not, if, contains, patternProperties,
// unevaluatedProperties and the like (JSON Schema 2020-12). Its names may change.
//
// For each schema object there is one generated function, a [Func], which asks the
// questions of its keywords one by one. There is no schema at run time.
//
// # What a value is
//
// [Decode] takes the text that the decoder has found to be well-formed, makes a
// [Value] of it, a tree of some 64 bytes for each JSON value, and calls the function
// of its schema. Numbers keep their exact text; they are compared exactly.
//
// # Guarantees
//
//   - Violations are an offset and a keyword, as package wire has them. No value is
//     ever part of one.
//   - The work is bounded by the text: each call of a Func, and each question that
//     costs more than a comparison, draws on the steps of the text (see
//     [wire.StepFactor]). When they are used up the text is refused, whatever the
//     functions say.
//   - Nothing recurses deeper than the text is nested, times the schemas that apply
//     to one value, whose number is fixed when the code is generated.
package check
