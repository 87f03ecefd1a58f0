// The package for teams that move from oapi-codegen to bailey is a module of its own, so that other
// servers do not list oapi-codegen/runtime.
module github.com/bailey-go/bailey/runtime/compat/oapicodegen

go 1.26.0

require (
	github.com/bailey-go/bailey v0.0.0
	github.com/google/uuid v1.6.0
	github.com/oapi-codegen/nullable v1.1.0
	github.com/oapi-codegen/runtime v1.8.0
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/bailey-go/bailey => ../../..
