package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// browser is one that visits the bank's pages: it keeps cookies.
type browser struct {
	town    *town
	cookies map[string]string
}

func (t *town) browser() *browser { return &browser{town: t, cookies: map[string]string{}} }

// get opens a page, as far as its answer.
func (b *browser) get(page string) (int, http.Header, error) {
	status, header, _, err := fetch(b.town.plain, http.MethodGet, page, nil, http.Header{"Cookie": {b.cookie()}})
	for _, line := range header["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			b.cookies[c.Name] = c.Value
		}
	}
	return status, header, err
}

func (b *browser) cookie() string {
	var all []string
	for name, value := range b.cookies {
		all = append(all, name+"="+value)
	}
	return strings.Join(all, "; ")
}

// begin opens the bank's login page, which sends the browser to the provider's.
func (b *browser) begin() (page string, err error) {
	status, header, err := b.get(apiName + "/web/login")
	if err != nil || status != http.StatusSeeOther {
		return "", errors.Join(err, fmt.Errorf("the bank's login page: %d", status))
	}
	return header.Get("Location"), nil
}

// logIn goes all the way, until the browser has a session.
func (b *browser) logIn(who person) error {
	page, err := b.begin()
	if err != nil {
		return err
	}
	back, err := who.logIn(b.town.plain, page, false)
	if err != nil {
		return err
	}
	status, _, err := b.get(webCallback + "?" + back.Encode())
	if err == nil && (status != http.StatusSeeOther || b.cookies["__Host-session"] == "") {
		err = fmt.Errorf("no session: %d", status)
	}
	return err
}

// webRows are about a browser with a session, and what other people's pages make it do.
func webRows(b *instance, _ tokens) ([]row, error) {
	hers := b.browser()
	in := func(r row, change ...func(*row)) row { // is sent by the browser
		r.before = func(r *row) error {
			r.header = map[string]string{"Cookie": hers.cookie()}
			for _, c := range change {
				c(r)
			}
			return nil
		}
		return r
	}
	from := func(site string) func(*row) { return func(r *row) { r.header["Sec-Fetch-Site"] = site } }
	me := func(title string, want int, has ...string) row {
		return row{title: title, method: "GET", path: "/web/me", want: want, has: has}
	}
	rename := func(title string, want int) row {
		return row{title: title, method: "PATCH", path: "/customers/" + ada.subject, kind: "application/json", body: `{"name":"Ada Lovelace"}`, want: want}
	}
	callback := func(title string, want int, change func(url.Values)) row {
		return row{title: title, method: "GET", path: "/web/callback?state=none", want: want, before: func(r *row) error {
			other := b.browser()
			page, err := other.begin()
			if err != nil {
				return err
			}
			back, err := ada.logIn(b.plain, page, false)
			if err != nil {
				return err
			}
			change(back)
			r.path, r.header = "/web/callback?"+back.Encode(), map[string]string{"Cookie": other.cookie()}
			return nil
		}}
	}
	first := in(me("she logs in at the provider, and has a session", 200, "Ada", `"tenant":"bank"`))
	begin := first.before
	first.before = func(r *row) error {
		if err := hers.logIn(ada); err != nil {
			return err
		}
		return begin(r)
	}
	return []row{
		{title: "a browser that wants to log in", method: "GET", path: "/web/login", want: 303, has: []string{customersName + "/authorize?", "code_challenge_method=S256", "__Host-login="}},
		callback("an answer of the provider to another request", 400, func(v url.Values) { v.Set("state", strings.Repeat("A", 43)) }),
		callback("an answer of another provider", 400, func(v url.Values) { v.Set("iss", staffName) }),
		callback("an answer with a code that the provider never gave", 400, func(v url.Values) { v.Set("code", "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }),
		first,
		me("the same without the cookie", 401),
		in(rename("she changes her name on the bank's page", 200), from("same-origin")),
		in(rename("a page of somebody else's does", 403), from("cross-site")),
		in(row{title: "another customer's data", method: "GET", path: "/customers/" + grace.subject, want: 404}),
		in(row{title: "what only a token is for", method: "GET", path: "/admin/customers?name=ada", want: 401}, func(r *row) { r.header["X-Reason"] = "curiosity" }),
		in(row{title: "she logs out", method: "POST", path: "/web/logout", want: 204, has: []string{"Max-Age=0"}}, from("same-origin")),
		in(me("the cookie after that", 401)),
	}, nil
}
