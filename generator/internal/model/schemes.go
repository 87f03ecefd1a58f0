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

// MTLSView is x-bailey-mtls in Go.
type MTLSView struct {
	Identity                     gosrc.Expr
	TrustDomain, CAFile, CRLFile gosrc.Literal
	HasDomain, HasCA, HasCRL     bool
	Callers                      []MTLSCaller
}

// MTLSCaller is one entry of its allow-list.
type MTLSCaller struct {
	ID, Subject, Scopes, Roles      gosrc.Literal
	HasSubject, HasScopes, HasRoles bool
}

var mtlsIdentities = map[string]gosrc.Expr{
	"spiffe": gosrc.Raw("mtls.SPIFFE"), "dns": gosrc.Raw("mtls.DNS"), "email": gosrc.Raw("mtls.Email"),
	"common-name": gosrc.Raw("mtls.CommonName"), "serial": gosrc.Raw("mtls.Serial"),
}

func mtlsView(p *policy.MTLS) *MTLSView {
	v := &MTLSView{
		Identity: mtlsIdentities[p.Identity], TrustDomain: gosrc.Quote(p.TrustDomain), CAFile: gosrc.Quote(p.CAFile), CRLFile: gosrc.Quote(p.CRLFile),
		HasDomain: p.TrustDomain != "", HasCA: p.CAFile != "", HasCRL: p.CRLFile != "",
	}
	for _, c := range p.Callers {
		v.Callers = append(v.Callers, MTLSCaller{
			ID: gosrc.Quote(c.ID), Subject: gosrc.Quote(c.Subject), Scopes: gosrc.Strings(c.Scopes), Roles: gosrc.Strings(c.Roles),
			HasSubject: c.Subject != "", HasScopes: len(c.Scopes) > 0, HasRoles: len(c.Roles) > 0,
		})
	}
	return v
}

// SessionView is x-bailey-session in Go.
type SessionView struct {
	Cookie, Idle, Absolute, Strict gosrc.Literal
}
