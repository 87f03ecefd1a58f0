package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// BasicView is x-bailey-basic in Go.
type BasicView struct {
	Realm, Cache, UsersFile gosrc.Literal
	HasFile                 bool
}

// others fills in the schemes without issuer.
func (v *Scheme) others(s *policy.Scheme) {
	if p := s.Basic; p != nil {
		v.Basic = &BasicView{
			Realm: gosrc.Quote(p.Realm), Cache: gosrc.Duration(p.Cache), UsersFile: gosrc.Quote(p.UsersFile), HasFile: p.UsersFile != "",
		}
	}
}
