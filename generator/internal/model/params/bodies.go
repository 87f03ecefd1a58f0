package params

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// Stream is an opaque body, read by the handler.
func Stream() *model.Type {
	return &model.Type{Kind: model.Scalar, Go: gosrc.Raw("io.Reader"), MaxItems: -1, Opaque: true}
}
