module github.com/bailey-go/bailey/examples/cedar

go 1.26.0

require (
	github.com/bailey-go/bailey v0.0.0
	github.com/cedar-policy/cedar-go v1.9.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/crypto v0.46.0 // indirect
	golang.org/x/exp v0.0.0-20240404231335-c0f41cb1a7a0 // indirect
	golang.org/x/sys v0.39.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/bailey-go/bailey => ../..
