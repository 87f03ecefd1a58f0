package load

import "strings"

// root converts the frame of the document (Swagger 2.0, Swagger Object).
func (c *swagger) root(n *Node) {
	c.newer(n, "components", "servers", "webhooks", "jsonSchemaDialect")
	version := n.Get("swagger")
	members := []Member{{"openapi", version.Pos, text(version.Pos, "3.0.3")}}
	components := object(n.Pos)
	for _, m := range n.Members {
		section := ""
		switch m.Key {
		case "swagger", "host", "basePath", "schemes", "consumes", "produces":
			continue
		case "definitions":
			section = "schemas"
		case "parameters", "responses":
			section = m.Key
		case "securityDefinitions":
			section = "securitySchemes"
		default:
			members = append(members, m)
			continue
		}
		if m.Value.Kind == Null {
			continue
		}
		if m.Value.Kind != Object {
			c.refuse(m.Value.Pos, "", "%s must be an object, this is %s", m.Key, a(m.Value.Kind))
			continue
		}
		if m.Key == "parameters" {
			c.dropBodies(m.Value)
		}
		if m.Key == "securityDefinitions" {
			for _, s := range m.Value.Members {
				c.each(s.Value, c.security)
			}
		}
		components.put(section, m.Pos, m.Value)
	}
	if servers := c.servers(n, n.Get("schemes")); servers != nil {
		members = append(members, Member{"servers", servers.Pos, servers})
	}
	if len(components.Members) > 0 {
		members = append(members, Member{"components", components.Pos, components})
	}
	n.remake(members)
}

// dropBodies leaves out the shared parameters that have become request bodies.
func (c *swagger) dropBodies(n *Node) {
	var kept []Member
	for _, m := range n.Members {
		p := c.follow(m.Value)
		if p == nil || p.StrOr("in") != "body" && p.StrOr("in") != "formData" {
			kept = append(kept, m)
		}
	}
	n.remake(kept)
}

// servers makes addresses of the schemes, the host and the base path; nil for none.
func (c *swagger) servers(root, schemes *Node) *Node {
	host, base := root.Get("host"), root.Get("basePath")
	at := root.Pos
	path, address := "", ""
	if s, ok := base.Str(); ok {
		at, path = base.Pos, "/"+strings.TrimPrefix(s, "/")
	}
	if s, ok := host.Str(); ok {
		at, address = host.Pos, s
	}
	for _, v := range []*Node{host, base} {
		if v != nil && v.Kind != String {
			c.refuse(v.Pos, "", "%s must be a string, this is %s", v.Key, a(v.Kind))
		}
	}
	if address == "" {
		if path == "" {
			return nil
		}
		return array(at, object(at, Member{"url", at, text(at, path)}))
	}
	if schemes == nil || schemes.Kind != Array || len(schemes.Items) == 0 {
		return array(at, object(at, Member{"url", at, text(at, "//"+address+path)}))
	}
	var list []*Node
	for _, s := range schemes.Items {
		list = append(list, object(s.Pos, Member{"url", s.Pos, text(s.Pos, s.Text+"://"+address+path)}))
	}
	return array(at, list...)
}

// oldFlows are the flows of OAuth 2 by their names in Swagger 2.0, and what they need
// (Swagger 2.0, Security Scheme Object).
var oldFlows = map[string]struct {
	name string
	urls []string
}{
	"implicit":    {"implicit", []string{"authorizationUrl"}},
	"password":    {"password", []string{"tokenUrl"}},
	"application": {"clientCredentials", []string{"tokenUrl"}},
	"accessCode":  {"authorizationCode", []string{"authorizationUrl", "tokenUrl"}},
}

// security converts a security scheme.
func (c *swagger) security(n *Node) {
	if n.Kind != Object {
		return // the policy's reader says so
	}
	c.newer(n, "scheme", "bearerFormat", "flows", "openIdConnectUrl")
	kind := n.Get("type")
	switch s, _ := kind.Str(); s {
	case "basic":
		n.remake(append([]Member{{"scheme", kind.Pos, text(kind.Pos, "basic")}}, replace(n.Members, "type", text(kind.Pos, "http"))...))
	case "apiKey":
		if in := n.Get("in"); in != nil && in.Text == "cookie" {
			c.refuse(in.Pos, "declare `openapi: 3.0.3` and write the whole document so", "an API key in a cookie is of OpenAPI 3, this is a document of Swagger 2.0")
		}
	case "oauth2":
		c.oauth2(n)
	default:
		at := n.Pos
		if kind != nil {
			at = kind.Pos
		}
		c.refuse(at, "", "Swagger 2.0 has no security scheme of the type %s; it has basic, apiKey and oauth2", quote(s))
	}
}

func (c *swagger) oauth2(n *Node) {
	written := n.Get("flow")
	flow, known := oldFlows[n.StrOr("flow")]
	if !known {
		c.refuse(n.Pos, "write implicit, password, application or accessCode", "an oauth2 scheme needs a flow that Swagger 2.0 has")
		return
	}
	to := object(written.Pos)
	var rest []Member
	for _, m := range n.Members {
		switch m.Key {
		case "flow":
		case "authorizationUrl", "tokenUrl", "scopes":
			to.put(m.Key, m.Pos, m.Value)
		default:
			rest = append(rest, m)
		}
	}
	for _, url := range flow.urls {
		if to.Get(url) == nil {
			c.diags.Warnf(written.Pos, ruleConvert, "the flow %s has no %s", written.Text, url)
		}
	}
	if to.Get("scopes") == nil {
		to.put("scopes", written.Pos, object(written.Pos))
	}
	flows := object(written.Pos, Member{flow.name, written.Pos, to})
	n.remake(append(rest, Member{"flows", written.Pos, flows}))
}

// replace is a list of members with another value for one of them.
func replace(members []Member, key string, v *Node) []Member {
	list := append([]Member(nil), members...)
	for i := range list {
		if list[i].Key == key {
			list[i].Value = v
		}
	}
	return list
}
