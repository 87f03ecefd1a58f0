package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Code is the reply whose function writes r.
func (r *Reply) Code() *Reply {
	if r.Shared != nil {
		return r.Shared
	}
	return r
}

// Sender is the function that writes the reply.
func (r *Reply) Sender() gosrc.Expr { return gosrc.Raw("send%", r.Code().Name) }

// Encoder is the function that writes the operation's successes.
func (op *Operation) Encoder() gosrc.Expr { return gosrc.Raw("encode%", op.EncodesAs.Name) }

// Encodes reports whether Encoder is made for this operation first.
func (op *Operation) Encodes() bool { return op.EncodesAs == op }

// Failer is the function that writes the errors that the document declares.
func (op *Operation) Failer() gosrc.Expr { return gosrc.Raw("fail%", op.FailsAs.Name) }

// Fails reports whether Failer is made for this operation first.
func (op *Operation) Fails() bool { return op.HasErrors() && op.FailsAs == op }
