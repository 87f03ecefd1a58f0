package main

import (
	"errors"
	"strings"
	"time"
)

// endRows end what the rows before came with.
func endRows(b *instance, t tokens) ([]row, error) {
	keyID := strings.TrimPrefix(b.batchKey, "bank_")[:16]
	list := row{method: "GET", path: "/customers/" + grace.subject + "/accounts"}
	hers := func(title string, want int, before func(*row) error) row {
		r := list
		r.title, r.want, r.before = title, want, before
		return r
	}
	wallet, partner := b.wallet(nil), b.partner()
	token, err := wallet.token(grace, "", "accounts:read")
	opaque, e := partner.own("events:write")
	event := row{title: "a partner's token that was revoked", method: "POST", path: "/partners/events", token: opaque, kind: "application/json",
		body: `{"type":"paid","at":"2026-03-01T10:00:00Z"}`, want: 401, before: func(*row) error { return partner.revoke(opaque) }}
	with := func(r row, token string) row { r.token = token; return r }
	return []row{
		with(hers("another customer's accounts, by a token from the login form", 200, nil), token),
		with(hers("the same after the provider revoked it", 401, func(*row) error { return wallet.revoke(token) }), token),
		event,
		{title: "a clerk who did not show a second factor ends a key", method: "DELETE", path: "/admin/keys/" + keyID, token: t.hasty, want: 401, has: []string{`acr_values="mfa"`}},
		{title: "the same after a second factor", method: "DELETE", path: "/admin/keys/" + keyID, want: 204, before: func(r *row) (err error) {
			r.token, err = b.desk().token(clerk, "mfa", "bank:staff")
			return err
		}},
		{title: "the key after that", method: "GET", path: "/reports/daily", key: b.batchKey, want: 401},
		with(hers("her accounts", 200, nil), t.grace),
		{title: "a clerk locks a customer out", method: "POST", path: "/customers/" + grace.subject + "/lock", token: t.clerk, want: 204},
		with(hers("her token after that", 401, nil), t.grace),
		{title: "log in too often", method: "GET", path: "/web/login", want: 429, times: 12},
	}, errors.Join(err, e)
}

// issuerRows are about an issuer that changes its key, and one that is out of order.
func issuerRows(b *instance, t tokens) ([]row, error) {
	get := func(title string, before func(*row) error) row {
		return row{title: title, method: "GET", path: "/customers/" + ada.subject + "/accounts", token: t.ada, want: 200, before: before}
	}
	fresh := func(r *row) (err error) {
		r.token, err = b.login.issue(ada.subject, "accounts:read")
		return err
	}
	return []row{
		get("a token of a key that the issuer has just begun to use", func(r *row) error {
			time.Sleep(50 * time.Millisecond) // the bank asks no more often than each 20 ms
			return errors.Join(b.login.keys.Rotate(), fresh(r))
		}),
		get("a token of the key before it", nil),
		get("her accounts, with the issuer down", func(r *row) error { b.login.broken.Store(true); return fresh(r) }),
	}, nil
}
