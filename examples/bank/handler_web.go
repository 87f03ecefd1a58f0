package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/oidc"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/session"
)

// The bank's own pages: a browser logs in at the provider, which says who that is, and then has a session here. It never sees a token.

// loginLife is how many seconds people have to log in.
const loginLife = 600

// BeginLogin gives the browser a secret, from which everything about this login follows: nothing is kept of people who do not come back.
func (h *handler) BeginLogin(ctx context.Context, _ *api.BeginLoginRequest) (*api.BeginLoginSeeOther, error) {
	secret, location, err := h.login.Begin(ctx)
	if err != nil {
		return nil, noProvider()
	}
	cookie := http.Cookie{
		Name: "__Host-login", Value: secret, Path: "/", MaxAge: loginLife,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, // the provider's page sends the browser back here
	}
	return &api.BeginLoginSeeOther{Location: location, SetCookie: cookie.String()}, nil
}

// FinishLogin begins a session for whom the provider names, in the browser that asked and in no other. It has a new number each time; a session that the browser
// had before is not looked at, for one that ended must not keep anybody from logging in, and ends when nobody uses it any more.
func (h *handler) FinishLogin(ctx context.Context, req *api.FinishLoginRequest) (*api.FinishLoginSeeOther, error) {
	answer := oidc.Answer{State: req.State, Code: runtime.Or(req.Code, ""), Issuer: runtime.Or(req.Iss, ""), Error: runtime.Or(req.Error, "")}
	who, err := h.login.Finish(ctx, req.Login, answer)
	if errors.Is(err, oidc.ErrRefused) {
		return nil, &api.FinishLoginBadRequest{Body: problem(400, "Nobody logged in.")}
	}
	if err != nil {
		return nil, noProvider()
	}
	id, err := uuid.Parse(who.Subject)
	if err == nil {
		_, err = h.store.Customer(id)
	}
	if err != nil { // the provider knows people who have no account here
		return nil, &api.FinishLoginBadRequest{Body: problem(400, "Nobody logged in.")}
	}
	cookie, err := h.sessions.Begin(ctx, session.Who{
		Subject: who.Subject, Roles: who.Roles, Claims: map[string]string{"tenant": who.Tenant, "acr": who.ACR},
	}, nil)
	return &api.FinishLoginSeeOther{Location: apiName + "/web/me", SetCookie: cookie}, err
}

func (h *handler) WhoAmI(_ context.Context, req *api.WhoAmIRequest) (*api.Person, error) {
	id, err := uuid.Parse(req.Caller.Subject())
	if err != nil {
		return nil, err
	}
	c, err := h.store.Customer(id)
	if err != nil {
		return nil, notFound(err)
	}
	tenant, _ := req.Caller.TextClaim("tenant")
	return &api.Person{ID: c.ID, Name: c.Name, Tenant: tenant}, nil
}

func (h *handler) Logout(ctx context.Context, req *api.LogoutRequest) (*api.LogoutNoContent, error) {
	return &api.LogoutNoContent{SetCookie: h.sessions.Forget()}, h.sessions.End(ctx, req.Caller)
}

func noProvider() error { return &api.NoProvider{Body: problem(503, "The provider does not answer.")} }
