package idp

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"slices"
)

// form is the login form. The authorization request goes along in its address, to be read and judged anew: nothing is remembered of
// people who did not log in.
var form = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in</title></head><body>
<h1>Log in for {{.Client}}</h1>
{{with .Wrong}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="/login?{{.Query}}">
<p><label>Name <input name="username" autocomplete="username" maxlength="60" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" maxlength="128" required></label></p>
{{if .Second}}<p><label>Code <input name="code" autocomplete="one-time-code" inputmode="numeric" maxlength="6" required></label></p>{{end}}
<p><button>Log in</button></p>
</form></body></html>
`))

func showForm(w http.ResponseWriter, status int, req *request, values url.Values, wrong string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Referrer-Policy", "no-referrer")
	// No script runs, nobody puts the form into a frame, and it is sent here alone, from where the browser is sent on to the client.
	to, _ := url.Parse(req.redirect) // checked by New
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://"+to.Host)
	w.WriteHeader(status)
	_ = form.Execute(w, struct {
		Client, Wrong string
		Query         template.URL
		Second        bool
	}{req.client.ID, wrong, template.URL(values.Encode()), req.second}) // what Encode returns is a query, whatever it was made from
}

// login takes the form.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if err := r.ParseForm(); err != nil || !unique(r.PostForm) {
		p.refuse(w, r)
		return
	}
	req, ok := p.read(w, r, query)
	if !ok {
		return
	}
	name, now := r.PostForm.Get("username"), p.cfg.Clock()
	forget, ok := p.logins.attempt(name, now)
	if !ok {
		p.cfg.Log.Warn("refused", "at", r.URL.Path, "client", req.client.ID, "error", "too many attempts")
		showForm(w, http.StatusTooManyRequests, req, query, "Too many attempts: wait a little.")
		return
	}
	user, ok := p.logins.login(r.Context(), name, r.PostForm.Get("password"), r.PostForm.Get("code"), req.second, now)
	if !ok {
		p.cfg.Log.Warn("refused", "at", r.URL.Path, "client", req.client.ID, "error", "wrong credentials")
		showForm(w, http.StatusForbidden, req, query, "That is not right.")
		return
	}
	forget()
	g := grant{client: req.client, subject: user.Subject, claims: user.Claims, acr: acrPassword, nonce: req.nonce, at: now}
	g.scopes, g.openid, _ = req.client.grantable(req.scope, &user)
	if req.second {
		g.acr = acrSecond
	}
	code := rand.Text()
	c := &issuedCode{grant: g, redirect: req.redirect, challenge: req.challenge, expires: now.Add(codeLife)}
	if err := p.codes.put(digestOf(code), c, now.Add(2*codeLife), now); err != nil {
		p.back(w, r, req, url.Values{"error": {"temporarily_unavailable"}})
		return
	}
	p.cfg.Log.Info("logged in", "client", req.client.ID, "subject", user.Subject, "acr", g.acr, "scopes", slices.Clone(g.scopes))
	p.back(w, r, req, url.Values{"code": {code}})
}
