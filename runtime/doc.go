// Package runtime is the part of a generated server that programs name: its configuration, the types
// of requests and results, the errors that handlers return, and the facts of a request that its context holds.
//
// Generated packages say what a program has to implement; the pipeline that a request passes, and
// whatever else generated code alone names, stands in package gen below this one.
package runtime
