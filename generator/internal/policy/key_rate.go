package policy

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

const maxRules = 8

func rateLimitKey() key {
	return key{
		name: "rate-limit", on: onDocument | onPath | onOperation, read: readRates,
		says:   "how often it may be called",
		schema: `{"$ref": "#/$defs/rates"}`,
	}
}

const ratesSchema = `{
	"oneOf": [{"$ref": "#/$defs/rate"}, {"type": "array", "minItems": 1, "maxItems": 8, "items": {"$ref": "#/$defs/rate"}}]
}`

var rateSchema = `{
	"type": "object",
	"additionalProperties": false,
	"oneOf": [{"required": ["rate"]}, {"required": ["requests", "window"]}],
	"dependentRequired": {"requests": ["window"], "window": ["requests"]},
	"properties": {
		"rate": {"type": "string", "pattern": "^[1-9][0-9]{0,8}/(s|sec|second|min|minute|h|hour|d|day)$", "description": "such as 120/min"},
		"requests": ` + boundedCount("how many in the window") + `,
		"window": {"$ref": "#/$defs/duration", "description": "from 1ms to 366d"},
		"burst": ` + boundedCount("how many at once; as many as the rate unless written") + `,
		"per": {"enum": ["address", "principal"], "description": "who is counted; the network address unless written"},
		"cost": {"type": "integer", "minimum": 1, "maximum": 999999999, "description": "what one call counts; 1 unless written"},
		"name": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$", "description": "as it stands in the RateLimit fields"}
	}
}`

func boundedCount(says string) string {
	return boundedSchema(says, `{"type": "integer", "minimum": 1, "maximum": 999999999}`)
}

var (
	ratePattern = regexp.MustCompile(`^([1-9][0-9]{0,8})/(s|sec|second|min|minute|h|hour|d|day)$`)
	namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	windows     = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
)

const maxCount = 999_999_999

func readRates(r *reader, n *load.Node) any {
	const what = "x-bailey-rate-limit"
	items := []*load.Node{n}
	if n.Kind == load.Array {
		items = n.Items
		if len(items) == 0 || len(items) > maxRules {
			r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s is a list of no rules, or of more than %d", what, maxRules), "write a rule")
			return nil
		}
	}
	var out []Rate
	taken := map[string]bool{}
	for _, item := range items {
		rate, ok := r.rate(item, what)
		if !ok {
			continue
		}
		if rate.Name != "" && taken[rate.Name] {
			r.fail(item.PosOf("name"), rules.PolicyValue, fmt.Sprintf("two rules of %s have the name %s", what, short(rate.Name)), "")
			continue
		}
		taken[rate.Name] = true
		out = append(out, rate)
	}
	if len(out) < len(items) {
		return nil
	}
	for i := range out {
		for count := 1; out[i].Name == ""; count++ {
			name := out[i].Per
			if count > 1 {
				name += "-" + strconv.Itoa(count)
			}
			if !taken[name] {
				out[i].Name, taken[name] = name, true
			}
		}
	}
	return out
}

func (r *reader) rate(n *load.Node, what string) (Rate, bool) {
	before := len(r.diags)
	if !r.members(n, what, "rate", "requests", "window", "burst", "per", "cost", "name") {
		return Rate{}, false
	}
	count := func(n *load.Node, what string) (int64, bool) { return r.integer(n, what, 1, maxCount) }
	rate := Rate{Pos: n.Pos, Per: "address", Cost: 1, Name: r.textAt(n, what, "name")}
	switch rateText, requests, window := n.Get("rate"), n.Get("requests"), n.Get("window"); {
	case rateText != nil && requests == nil && window == nil:
		s, _ := rateText.Str()
		m := ratePattern.FindStringSubmatch(s)
		if m == nil {
			r.wrong(rateText, what+".rate", "a rate such as 10/s, 120/min, 5000/h or 1000/day")
			break
		}
		rate.Limit, _ = strconv.Atoi(m[1])
		rate.Window = windows[m[2][0]]
	case rateText == nil && requests != nil && window != nil:
		rate.Limit = int(bounded(r, n, what, "requests", &rate.Settings, count))
		rate.Window, _ = r.duration(window, what+".window", time.Millisecond, 366*24*time.Hour)
	default:
		r.fail(n.Pos, rules.PolicyValue, what+" has to say one rate", `write rate: 120/min, or requests and window`)
	}
	rate.Burst = rate.Limit
	if n.Get("burst") != nil {
		rate.Burst = int(bounded(r, n, what, "burst", &rate.Settings, count))
	} else {
		rate.Follows = SettingOf(rate.Settings, "requests") != nil
	}
	if v := n.Get("cost"); v != nil {
		cost, ok := r.integer(v, what+".cost", 1, maxCount)
		rate.Cost = int(min(cost, math.MaxInt32))
		if ok && rate.Burst > 0 && rate.Cost > rate.Burst {
			r.fail(v.Pos, rules.PolicyValue, fmt.Sprintf("one call costs %d, but %d are the most that there can be: it could never be called", rate.Cost, rate.Burst), "raise the burst")
		}
	}
	if v := n.Get("per"); v != nil {
		rate.Per, _ = r.choice(v, what+".per", "address", "principal")
	}
	if rate.Name != "" && !namePattern.MatchString(rate.Name) {
		r.wrongMember(n, "name", what+".name", "small letters, digits and hyphens, starting with a letter, at most 40")
	}
	return rate, len(r.diags) == before
}
