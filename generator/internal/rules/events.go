package rules

import (
	"maps"
	"slices"
)

// EventRule is the rule of a security event of the runtime: "jwt-expired".
type EventRule string

// Event explains a rule of security events.
type Event struct {
	Type    EventType
	Status  string // of the answer; "" where there is none or it is another's
	Meaning string // how a request or the server comes to it
	Advice  string // how an operator reacts
}

// EventType is the type of security events, by the OWASP Logging Vocabulary: "authz_fail".
type EventType string

// The types of events. Package event of the runtime has the same.
const (
	AuthnFail   EventType = "authn_login_fail"
	AuthzFail   EventType = "authz_fail"
	RateLimit   EventType = "excess_rate_limit_exceeded"
	InputFail   EventType = "input_validation_fail"
	Extraneous  EventType = "malicious_extraneous"
	CSRF        EventType = "malicious_csrf"
	Crash       EventType = "sys_crash"
	OutputFail  EventType = "output_validation_fail"
	Detected    EventType = "policy_detected"
	Startup     EventType = "sys_startup"
	Unavailable EventType = "sys_unavailable"
)

// eventTypes has the meaning of each type, and how to react to it.
var eventTypes = map[EventType]Text{
	AuthnFail:   {Meaning: "A request had no credential, or one that does not hold.", Advice: "Single ones are clients with expired tokens. Many of one address are attempts: ban it, or limit it by address."},
	AuthzFail:   {Meaning: "A caller is known, and may not do this.", Advice: "Many of one caller are attempts to reach the objects of others: look at the caller."},
	RateLimit:   {Meaning: "A caller or an address has used up a limit, or its share of the server.", Advice: "Raise the limit if good clients meet it; else ban the address."},
	InputFail:   {Meaning: "A request breaks the document.", Advice: "After a release, a client has changed or the document has; from one address, a scanner is probing."},
	Extraneous:  {Meaning: "A message can be read in two ways, which no client sends by mistake.", Advice: "Look at the proxy in front: it must not pass such messages on."},
	CSRF:        {Meaning: "A browser sent a request with its user's credential for a page of another origin.", Advice: "List the origin in Config.TrustedOrigins if it is yours."},
	Crash:       {Meaning: "The handler failed, or a part of the server panicked.", Advice: "Read error_text and stack of the line, and search the handler's log for the request's id."},
	OutputFail:  {Meaning: "The handler's answer breaks the document. The client got a 500, or a stream was cut off.", Advice: "Mend the handler, or the document if the answer is right."},
	Detected:    {Meaning: "x-bailey-mode: detect recorded a request that the policy would refuse, and let it pass.", Advice: "Mend the client or the policy before the date of until."},
	Startup:     {Meaning: "The server starts with a check that its configuration weakens, and the rule names it.", Advice: "Take the weakening out of Config where it is not needed."},
	Unavailable: {Meaning: "The server could not judge or serve the request: keys, a store or room are missing.", Advice: "Read error and error_text of the line; look at the store or the issuer that they name."},
}

// EventTypes lists the types of events.
func EventTypes() []EventType { return slices.Sorted(maps.Keys(eventTypes)) }

// ExplainEventType returns the text of a type of events.
func ExplainEventType(t EventType) (Text, bool) {
	text, ok := eventTypes[t]
	return text, ok
}

var eventGroups = []struct {
	title string
	texts map[EventRule]Event
}{
	{"Routing, origin and room", eventsOfRequests},
	{"Bodies and parameters", eventsOfBodies},
	{"Handlers, authorizers and answers", eventsOfHandlers},
	{"Callers", eventsOfCallers},
	{"JSON Web Tokens", eventsOfJWT},
	{"Introspection", eventsOfIntrospection},
	{"Tokens for one holder", eventsOfHolders},
	{"API keys", eventsOfAPIKeys},
	{"HTTP Basic", eventsOfBasic},
	{"Client certificates", eventsOfCertificates},
	{"Sessions", eventsOfSessions},
	{"Connections", eventsOfConnections},
}

// EventGroup is a part of the rules of events.
type EventGroup struct {
	Title string
	Rules []EventRule // sorted by name
}

// EventGroups lists all rules of events.
func EventGroups() []EventGroup {
	list := make([]EventGroup, 0, len(eventGroups))
	for _, g := range eventGroups {
		list = append(list, EventGroup{g.title, slices.Sorted(maps.Keys(g.texts))})
	}
	return list
}

// ExplainEvent returns the text of a rule of events; false for names of no rule.
func ExplainEvent(name string) (Event, bool) {
	for _, g := range eventGroups {
		if e, ok := g.texts[EventRule(name)]; ok {
			return e, true
		}
	}
	return Event{}, false
}

// Example is the line that slog.TextHandler writes for an event of the rule, shortened.
func (e Event) Example(name EventRule) string {
	level := "WARN"
	if e.Type == Crash || e.Type == OutputFail || e.Type == Unavailable {
		level = "ERROR"
	}
	line := "level=" + level + ` msg="request refused" event=` + string(e.Type) + " rule=" + string(name)
	if e.Status != "" {
		line += " status=" + e.Status
	}
	return line
}
