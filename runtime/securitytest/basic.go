package securitytest

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/basic"
)

// Accounts are those of a scheme of HTTP Basic.
func (c *Credentials) Accounts(scheme string) basic.Accounts {
	a, _ := c.makers[scheme].(*accounts)
	return basic.Accounts{Users: a}
}

const password = "securitytest: a password"

// hashed is the password's hash, which costs too much to be made for each account.
var hashed = sync.OnceValues(func() (*basic.Hash, error) { return basic.ParseHash(basic.HashPassword(password)) })

// accounts makes users, each once: what a server knows about a user it need not find out again.
type accounts struct {
	hash  *basic.Hash
	users map[string]*basic.User
	names map[string]string // by what the user may
}

func newAccounts() (*accounts, error) {
	h, err := hashed()
	return &accounts{hash: h, users: map[string]*basic.User{}, names: map[string]string{}}, err
}

// Lookup implements [basic.Users].
func (a *accounts) Lookup(_ context.Context, name string) (*basic.User, bool, error) {
	u, ok := a.users[name]
	return u, ok, nil
}

// user returns the name of a user, of which something may be changed.
func (a *accounts) user(who Caller, scopes []string, change string) string {
	key := strings.Join([]string{change, who.Subject, strings.Join(scopes, " "), strings.Join(who.Roles, "\x00")}, "\x01")
	if name, ok := a.names[key]; ok {
		return name
	}
	u := &basic.User{Name: fmt.Sprintf("attack-%d", len(a.users)), Hash: a.hash, Subject: who.Subject, Scopes: scopes, Roles: who.Roles}
	switch change {
	case "disabled":
		u.Disabled = true
	case "expired":
		u.Expires = time.Now().Add(-time.Hour)
	}
	a.users[u.Name], a.names[key] = u, u.Name
	return u.Name
}

func pair(name, password string) fields {
	return fields{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))}}
}

func (a *accounts) good(who Caller, scopes []string) fields {
	return pair(a.user(who, scopes, ""), password)
}

func (a *accounts) bad(who Caller, scopes []string) []bad {
	name := a.user(who, scopes, "")
	return []bad{
		{name: "a wrong password", fields: pair(name, password+"x")},
		{name: "an empty password", fields: pair(name, "")},
		{name: "an unknown user", fields: pair("attack-nobody", password)},
		{name: "a user in capital letters", fields: pair(strings.ToUpper(name), password)},
		{name: "a disabled user", fields: pair(a.user(who, scopes, "disabled"), password)},
		{name: "a user whose time is over", fields: pair(a.user(who, scopes, "expired"), password)},
		{name: "a password without TLS", fields: with(pair(name, password), fields{plainField: {"1"}})},
	}
}
