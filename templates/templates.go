// Package templates holds the text of every generated file. The templates print
// the decisions of package model; they decide nothing themselves, and print nothing
// but values of package gosrc and numbers.
package templates

import "embed"

// FS holds the templates, one a generated file, and their shared partials.
//
//go:embed *.go.tmpl
var FS embed.FS
