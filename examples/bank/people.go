package main

import (
	"sync"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/examples/bank/internal/idp"
)

// Who is known to the providers: programs, and people. The example keeps their passwords in its source, so that you can log in.
const (
	webClient      = "web"      // the bank's own pages, which keep sessions
	walletClient   = "wallet"   // an app with a key of its own
	partnerClient  = "partner"  // gets opaque tokens
	clearingClient = "clearing" // comes with a certificate
	apiClient      = "api"      // the bank, when it asks about tokens
	deskClient     = "desk"     // what clerks work with

	webCallback    = apiName + "/web/callback"
	walletCallback = "https://wallet.example/callback"
	deskCallback   = "https://desk.example/callback"
)

// person is somebody who can log in.
type person struct {
	name, password, subject string
	seed                    []byte // of the second factor
	branch                  int64
	role                    string
}

var (
	ada   = person{name: "ada", password: "correct horse battery", subject: bank.Ada.String(), seed: []byte("ada has a telephone"), branch: 7, role: "customer"}
	grace = person{name: "grace", password: "staple of the navy", subject: bank.Grace.String(), branch: 9, role: "customer"}
	// nobody is known to the provider, and no customer of the bank's.
	nobody = person{name: "nobody", password: "a stranger in town", subject: uuid.Nil.String(), branch: 7, role: "customer"}
	clerk  = person{name: "clerk", password: "ledger and blotter", subject: "clerk-7", seed: []byte("the clerk has a key fob"), branch: 7, role: "clerk"}
)

func (t *town) customersConfig() idp.Config {
	customer := []string{"customers:read", "customers:write", "accounts:read", "transfers:write", "documents:write"}
	return idp.Config{
		Clients: []idp.Client{
			{ID: webClient, Secret: idp.HashSecret(t.secrets[webClient]), Redirects: []string{webCallback}},
			{ID: walletClient, Secret: idp.HashSecret(t.secrets[walletClient]), Redirects: []string{walletCallback}, Scopes: customer},
			{ID: partnerClient, Secret: idp.HashSecret(t.secrets[partnerClient]), Machine: true, Opaque: true, Scopes: []string{"events:write", "events:read"}},
			{ID: clearingClient, Secret: idp.HashSecret(t.secrets[clearingClient]), Machine: true, Scopes: []string{"settlements:write"}},
			{ID: apiClient, Secret: idp.HashSecret(t.secrets[apiClient]), Introspects: true},
		},
		Users: []idp.User{ada.user(customer), grace.user(customer), nobody.user(customer)},
	}
}

func (t *town) staffConfig() idp.Config {
	staff := []string{"bank:staff", "customers:read", "customers:write", "customers:pii", "accounts:read", "accounts:write"}
	return idp.Config{
		Clients: []idp.Client{{ID: deskClient, Secret: idp.HashSecret(t.secrets[deskClient]), Redirects: []string{deskCallback}, Scopes: staff}},
		Users:   []idp.User{clerk.user(staff)},
	}
}

// passwords are hashed once, however many towns a test needs.
var passwords = sync.OnceValue(func() map[string]idp.Password {
	all := map[string]idp.Password{}
	for _, p := range []person{ada, grace, nobody, clerk} {
		all[p.name] = idp.HashPassword(p.password)
	}
	return all
})

func (p person) user(scopes []string) idp.User {
	return idp.User{
		Name: p.name, Password: passwords()[p.name], Seed: p.seed, Subject: p.subject, Scopes: scopes,
		Claims: map[string]any{"roles": []string{p.role}, "tenant": "bank", "branch": p.branch},
	}
}
