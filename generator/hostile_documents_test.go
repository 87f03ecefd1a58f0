package generator

import (
	"fmt"
	"strings"
)

// hostileDocuments are documents made to cost the generator more than their size. Each is made for
// a number: of steps, where the cost may double with each, else of things.
var hostileDocuments = []struct {
	name  string
	steps bool // n is a number of steps
	text  func(n int) string
}{
	{"allOf of the same schema twice", true, nested(`{"allOf":[%[1]s,%[1]s]}`, leaf)},
	{"anyOf of the same schema twice", true, nested(`{"anyOf":[%[1]s,%[1]s]}`, `{"type":"string","maxLength":3}`)},
	{"oneOf of a schema and of more of it", true, nested(`{"oneOf":[%[1]s,{"allOf":[%[1]s,{"minProperties":%[2]d}]}]}`, leaf)},
	{"anyOf of a schema and of more of it", true, nested(`{"anyOf":[%[1]s,{"allOf":[%[1]s,{"required":["r%[2]d"]}]}]}`, leaf)},
	{"if, then and else of the same schema", true, nested(`{"if":%[1]s,"then":%[1]s,"else":%[1]s}`, leaf)},
	{"unevaluatedProperties beside allOf and anyOf", true, nested(`{"allOf":[%[1]s],"anyOf":[%[1]s,%[1]s],"unevaluatedProperties":false}`, leaf)},
	{"not of allOf", true, nested(`{"not":{"allOf":[%[1]s,%[1]s]}}`, leaf)},
	{"dependentSchemas", true, nested(`{"type":"object","dependentSchemas":{"a":%[1]s,"b":%[1]s}}`, leaf)},
	{"contains beside prefixItems", true, nested(`{"type":"array","contains":%[1]s,"prefixItems":[%[1]s,%[1]s],"minItems":2}`, leaf)},
	{"items that must be two", true, nested(`{"type":"array","minItems":2,"items":%[1]s}`, `{"type":"string"}`)},
	{"two members of the same schema", true, nested(`{"type":"object","required":["l","r"],"properties":{"l":%[1]s,"r":%[1]s}}`, leaf)},
	{"two members, one way", true, nested(`{"type":"object","properties":{"l":%[1]s,"r":%[1]s}}`, `{"type":"object","properties":{"a":{"type":"string","readOnly":true}}}`)},
	{"two members in a query", true, func(n int) string {
		return inQuery(n, `{"type":"object","properties":{"l":%[1]s,"r":%[1]s}}`, leaf)
	}},
	{"anyOf in a query", true, func(n int) string {
		return inQuery(n, `{"anyOf":[%[1]s,{"type":"array","items":%[1]s}]}`, `{"type":"string"}`)
	}},
	{"two members in a form", true, func(n int) string {
		return document(`{"content":{"application/x-www-form-urlencoded":{"schema":`+to("A0")+`},"multipart/form-data":{"schema":`+to("A0")+`}}}`, chain(n, `{"type":"object","properties":{"l":%[1]s,"r":%[1]s}}`, leaf), "")
	}},
	{"patternProperties of the same schema", true, nested(`{"type":"object","patternProperties":{"^a":%[1]s,"^b":%[1]s},"required":["ab","ba"]}`, leaf)},
	{"choices between lists of required", true, func(n int) string {
		return body(`{"type":"object","allOf":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"oneOf":[{"required":["a%d"]},{"required":["b%d"]},{"required":["c%d"]}]}`, i, i+1, (i*7)%n)
		}) + `]}`)
	}},
	{"allOf of oneOf", true, func(n int) string {
		return body(`{"allOf":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"oneOf":[{"type":"object","required":["a%[1]d"],"properties":{"a%[1]d":{"type":"string"}}},{"type":"object","required":["b%[1]d"],"properties":{"b%[1]d":{"type":"string"}}}]}`, i)
		}) + `]}`)
	}},
	{"members that are oneOf of more members", true, nested(`{"type":"object","oneOf":[{"required":["a%[2]d"],"properties":{"a%[2]d":%[1]s}},{"required":["b%[2]d"],"properties":{"b%[2]d":{"allOf":[%[1]s,{"required":["c%[2]d"]}]}}}]}`, leaf)},

	{"a long enum", false, func(n int) string {
		return body(`{"type":"string","enum":[` + list(n, func(i int) string { return fmt.Sprintf(`"v%d"`, i) }) + `]}`)
	}},
	{"long enums that are merged", false, func(n int) string {
		return body(`{"allOf":[` + list(n/50, func(i int) string {
			return `{"enum":[` + list(50, func(j int) string { return fmt.Sprintf(`"v%d"`, j) }) + `]}`
		}) + `]}`)
	}},
	{"a long enum of a choice", false, func(n int) string {
		return body(`{"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"enum":[` + list(n, func(i int) string { return fmt.Sprintf(`"v%d"`, i) }) + `]}}},{"type":"object","required":["k"],"properties":{"k":{"const":"w"}}}],"discriminator":{"propertyName":"k"}}`)
	}},
	{"many members", false, func(n int) string { return body(`{"type":"object","properties":{` + members(n) + `}}`) }},
	{"many required members", false, func(n int) string {
		return body(`{"type":"object","required":[` + list(n, func(i int) string { return fmt.Sprintf(`"p%d"`, i) }) + `],"properties":{` + members(n) + `}}`)
	}},
	{"many members in allOf", false, func(n int) string {
		return body(`{"allOf":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"type":"object","properties":{"p%d":{"type":"string"}}}`, i)
		}) + `]}`)
	}},
	{"a long chain of allOf", false, func(n int) string {
		return document(refBody, chain(n, `{"allOf":[%[1]s],"properties":{"p%[2]d":{"type":"string"}}}`, leaf), "")
	}},
	{"a chain of allOf, each of them used", false, func(n int) string {
		return document(refBody, chain(n, `{"type":"object","allOf":[%[1]s],"properties":{"p%[2]d":%[1]s}}`, leaf), "")
	}},
	{"a long chain of members", false, func(n int) string {
		return document(refBody, chain(n, `{"type":"object","properties":{"p":%[1]s}}`, leaf), "")
	}},
	{"a long chain of references", false, func(n int) string { return document(refBody, chain(n, `%[1]s`, leaf), "") }},
	{"many branches", false, func(n int) string {
		return body(`{"oneOf":[` + list(n, func(i int) string {
			return fmt.Sprintf(`{"type":"object","required":["k%[1]d"],"properties":{"k%[1]d":{"type":"string"}}}`, i)
		}) + `]}`)
	}},
	{"many branches beside many members", false, func(n int) string {
		return body(`{"type":"object","properties":{` + members(n/2) + `},"oneOf":[` + list(n/2, func(i int) string {
			return fmt.Sprintf(`{"required":["k%[1]d"],"properties":{"k%[1]d":{"type":"string"}}}`, i)
		}) + `]}`)
	}},
	{"many branches with a discriminator", false, func(n int) string {
		return document(`{"content":{"application/json":{"schema":{"oneOf":[`+list(n, func(i int) string { return to(fmt.Sprint("B", i)) })+`],"discriminator":{"propertyName":"k","mapping":{`+
			list(n, func(i int) string { return fmt.Sprintf(`"m%d":"#/components/schemas/B%d"`, i, i) })+`}}}}}}`,
			list(n, func(i int) string {
				return fmt.Sprintf(`"B%d":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}}`, i)
			}), "")
	}},
	{"many values of a discriminator", false, func(n int) string {
		return document(`{"content":{"application/json":{"schema":{"oneOf":[`+to("B0")+`,`+to("B1")+`],"discriminator":{"propertyName":"k","mapping":{`+
			list(n, func(i int) string { return fmt.Sprintf(`"m%d":"#/components/schemas/B%d"`, i, i%2) })+`}}}}}}`,
			list(2, func(i int) string {
				return fmt.Sprintf(`"B%d":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}}`, i)
			}), "")
	}},
	{"many strings of a choice", false, func(n int) string {
		return body(`{"oneOf":[` + list(n, func(i int) string { return fmt.Sprintf(`{"type":"string","pattern":"^a%d"}`, i) }) + `]}`)
	}},
	{"many patterns of names", false, func(n int) string {
		return body(`{"type":"object","patternProperties":{` + list(n/2, func(i int) string { return fmt.Sprintf(`"^a%d":{"type":"string"}`, i) }) + `},"properties":{` + members(n/2) + `},"additionalProperties":false}`)
	}},
	{"many dependentRequired", false, func(n int) string {
		return body(`{"type":"object","required":["d0"],"dependentRequired":{` + list(n, func(i int) string { return fmt.Sprintf(`"d%d":["d%d"]`, i, i+1) }) + `}}`)
	}},
	{"many prefixItems", false, func(n int) string {
		return body(`{"type":"array","minItems":1000000000,"prefixItems":[` + list(n, func(int) string { return `{"type":"string"}` }) + `]}`)
	}},
	{"many lists of required", false, func(n int) string {
		return body(`{"type":"object","properties":{` + members(n/2) + `},"oneOf":[` + list(n/2, func(i int) string { return fmt.Sprintf(`{"required":["p%d"]}`, i) }) + `]}`)
	}},
	{"many operations", false, func(n int) string {
		return document("", `"A0":`+leaf, list(n, func(i int) string { return fmt.Sprintf(`"/p%d":{"get":%s}`, i, operation(fmt.Sprint("o", i), "")) }))
	}},
	{"many operations that reach many schemas", false, func(n int) string {
		return document("", ring(n/2), list(n/2, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":%s}`, i, operation(fmt.Sprint("o", i), `,"requestBody":`+strings.Replace(refBody, "A0", fmt.Sprint("R", i), 1)))
		}))
	}},
	{"parameters of a path for many operations", false, func(n int) string {
		ops := list(7, func(i int) string {
			return fmt.Sprintf(`"%s":%s`, []string{"get", "put", "post", "delete", "options", "head", "patch"}[i], operation(fmt.Sprint("o", i), ""))
		})
		return document("", `"A0":`+leaf, `"/p":{"parameters":[`+parameters(n)+`],`+ops+`}`)
	}},
	{"many parameters", false, func(n int) string {
		return document("", `"A0":`+leaf, `"/p":{"get":`+operation("o", `,"parameters":[`+parameters(n)+`]`)+`}`)
	}},
	{"many responses' headers", false, func(n int) string {
		return document("", `"A0":`+leaf, `"/p":{"get":{"operationId":"o","x-bailey-public":"a test","responses":{"200":{"description":"d","headers":{`+
			list(n, func(i int) string { return fmt.Sprintf(`"X-%d":{"schema":{"type":"string"}}`, i) })+`}}}}}`)
	}},
	{"many media types", false, func(n int) string {
		return document("", `"A0":`+leaf, `"/p":{"post":{"operationId":"o","x-bailey-public":"a test","requestBody":{"content":{`+
			list(n, func(i int) string {
				return fmt.Sprintf(`"application/v%d+json":{"schema":{"$ref":"#/components/schemas/A0"}}`, i)
			})+
			`}},"responses":{"200":{"description":"d","content":{`+
			list(n, func(i int) string {
				return fmt.Sprintf(`"application/v%d+json":{"schema":{"$ref":"#/components/schemas/A0"}}`, i)
			})+`}}}}}`)
	}},
	{"shared responses of many operations", false, func(n int) string {
		return strings.Replace(document("", `"A0":`+leaf, list(n/10, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"get":{"operationId":"o%d","x-bailey-public":"a test","responses":{"204":{"description":"d"},%s}}}`, i, i,
				list(50, func(j int) string { return fmt.Sprintf(`"%d":{"$ref":"#/components/responses/R%d"}`, 400+j, j) }))
		})), `"components":{`, `"components":{"responses":{`+list(50, func(j int) string {
			return fmt.Sprintf(`"R%d":{"description":"d","content":{"application/json":{"schema":{"type":"object","properties":{"a%d":{"type":"string"}}}}}}`, j, j)
		})+`},`, 1)
	}},
	{"a product of security requirements", false, func(n int) string {
		return strings.Replace(document("", `"A0":`+leaf, list(n/20, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"get":{"operationId":"o%d","responses":{"204":{"description":"d"}}}}`, i, i)
		})), `"components":{`, `"security":[`+list(n/20, func(i int) string {
			return `{` + list(20, func(j int) string { return fmt.Sprintf(`"s%d":["r%d"]`, j, i) }) + `}`
		})+`],"components":{"securitySchemes":{`+list(20, func(j int) string {
			return fmt.Sprintf(`"s%d":{"type":"apiKey","in":"header","name":"X-%d"}`, j, j)
		})+`},`, 1)
	}},
	{"a long name that is used often", false, func(n int) string {
		name := "N" + strings.Repeat("a", 10*n)
		return document("", fmt.Sprintf(`"%s":%s`, name, leaf), list(n/10, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":%s}`, i, operation(fmt.Sprint("o", i), `,"requestBody":`+strings.Replace(refBody, "A0", name, 1)))
		}))
	}},
	{"a long name with inline members", false, func(n int) string {
		return document(strings.Replace(refBody, "A0", "N"+strings.Repeat("a", 10*n), 1), fmt.Sprintf(`"N%s":{"type":"object","properties":{%s}}`, strings.Repeat("a", 10*n), list(n/10, func(i int) string {
			return fmt.Sprintf(`"p%d":{"type":"object","properties":{"q%d":{"type":"string","enum":["a","b"]}}}`, i, i)
		})), "")
	}},
	{"a long description that is used often", false, func(n int) string {
		return document("", fmt.Sprintf(`"A0":{"type":"object","description":"%s","properties":{"a":{"type":"string"}}}`, strings.Repeat("word ", 4*n)), list(n/10, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":%s}`, i, operation(fmt.Sprint("o", i), `,"requestBody":`+refBody))
		}))
	}},
	{"a long description of a shared response", false, func(n int) string {
		return strings.Replace(document("", `"A0":`+leaf, list(n/10, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"get":{"operationId":"o%d","x-bailey-public":"a test","responses":{"200":{"$ref":"#/components/responses/R"},"201":{"$ref":"#/components/responses/R"}}}}`, i, i)
		})), `"components":{`, `"components":{"responses":{"R":{"description":"`+strings.Repeat("word ", 4*n)+`"}},`, 1)
	}},
	{"a long enum that is used often", false, func(n int) string {
		return document("", `"E":{"type":"string","enum":[`+list(n/2, func(i int) string { return fmt.Sprintf(`"v%d"`, i) })+`]}`, list(n/20, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":%s}`, i, operation(fmt.Sprint("o", i), `,"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"e`+fmt.Sprint(i)+`":{"allOf":[{"$ref":"#/components/schemas/E"},{"minLength":1}]}}}}}}`))
		}))
	}},
	{"a schema of many members, extended often", false, func(n int) string {
		return document("", `"B":{"type":"object","properties":{`+members(n/2)+`}}`, list(n/20, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":%s}`, i, operation(fmt.Sprint("o", i), fmt.Sprintf(`,"requestBody":{"content":{"application/json":{"schema":{"allOf":[{"$ref":"#/components/schemas/B"},{"required":["p%d"]}]}}}}`, i)))
		}))
	}},
	{"many tags and servers", false, func(n int) string {
		return strings.Replace(document("", `"A0":`+leaf, ""), `"paths"`, `"tags":[`+list(n, func(i int) string { return fmt.Sprintf(`{"name":"t%d"}`, i) })+`],"servers":[`+list(n, func(i int) string { return fmt.Sprintf(`{"url":"https://h%d/v1"}`, i) })+`],"paths"`, 1)
	}},
	{"Swagger 2.0: media types of all operations", false, func(n int) string {
		types := list(n/10, func(i int) string { return fmt.Sprintf(`"application/v%d+json"`, i) })
		return `{"swagger":"2.0","info":{"title":"t","version":"1"},"consumes":[` + types + `],"produces":[` + types + `],"paths":{` + list(n/10, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"post":{"operationId":"o%d","x-bailey-public":"a test","parameters":[{"in":"body","name":"b","schema":{"$ref":"#/definitions/A"}}],"responses":{"200":{"description":"d","schema":{"$ref":"#/definitions/A"}}}}}`, i, i)
		}) + `},"definitions":{"A":` + leaf + `}}`
	}},
	{"limits and masks with long lists", false, func(n int) string {
		return body(`{"type":"object","properties":{"a":{"type":"string","x-bailey-mask":{"drop":true,"scopes":[` + list(n, func(i int) string { return fmt.Sprintf(`"s%d"`, i) }) + `]}}}}`)
	}},
	{"nested counted repetition", true, func(n int) string {
		p := "a"
		for range min(n, 8) {
			p = "(" + p + "){0,30}"
		}
		return body(`{"type":"string","pattern":"` + p + `"}`)
	}},
	{"long patterns", false, func(n int) string {
		return body(`{"type":"string","pattern":"^(` + strings.Repeat("[a-z]{1,999}|", n/10) + `x)$"}`)
	}},
	{"huge bounds", false, func(n int) string {
		return body(`{"type":"object","properties":{` + list(n/10, func(i int) string {
			return fmt.Sprintf(`"s%[1]d":{"type":"string","minLength":1000000000},"a%[1]d":{"type":"array","items":{"type":"string"},"minItems":9223372036854775807,"maxItems":9223372036854775808},"n%[1]d":{"type":"number","multipleOf":1e-300,"minimum":-1e300,"maximum":1e300},"o%[1]d":{"type":"object","additionalProperties":{"type":"string"},"minProperties":4000000000}`, i)
		}) + `}}`)
	}},
}

const (
	leaf    = `{"type":"object","properties":{"a":{"type":"string"}}}`
	refBody = `{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A0"}}}}`
)

func to(name string) string { return `{"$ref":"#/components/schemas/` + name + `"}` }

func list(n int, item func(int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = item(i)
	}
	return strings.Join(all, ",")
}

func members(n int) string {
	return list(n, func(i int) string { return fmt.Sprintf(`"p%d":{"type":"string"}`, i) })
}

func parameters(n int) string {
	return list(n, func(i int) string { return fmt.Sprintf(`{"name":"p%d","in":"query","schema":{"type":"string"}}`, i) })
}

// ring are n schemas, each of which leads to all others.
func ring(n int) string {
	return list(n, func(i int) string {
		return fmt.Sprintf(`"R%d":{"type":"object","properties":{"a":{"type":"string"},"next":{"$ref":"#/components/schemas/R%d"}}}`, i, (i+1)%n)
	})
}

// chain are the schemas A0 to An: each is step with a reference to the next, the last one is end.
func chain(n int, step, end string) string {
	return list(n+1, func(i int) string {
		if i == n {
			return fmt.Sprintf(`"A%d":%s`, i, end)
		}
		text := strings.ReplaceAll(step, "%[1]s", to(fmt.Sprint("A", i+1)))
		return fmt.Sprintf(`"A%d":%s`, i, strings.ReplaceAll(text, "%[2]d", fmt.Sprint(i)))
	})
}

func nested(step, end string) func(int) string {
	return func(n int) string { return document(refBody, chain(n, step, end), "") }
}

// inQuery is a document whose chain of schemas stands in a query parameter, in each style.
func inQuery(n int, step, end string) string {
	return document("", chain(n, step, end), `"/q":{"get":`+operation("q", `,"parameters":[{"name":"f","in":"query","style":"deepObject","schema":`+to("A0")+`},{"name":"g","in":"query","schema":`+to("A0")+`}]`)+`}`)
}

func operation(id, more string) string {
	return `{"operationId":"` + id + `","x-bailey-public":"a test"` + more + `,"responses":{"204":{"description":"d"}}}`
}

// body is a document whose only body has a schema.
func body(schema string) string { return document(refBody, `"A0":`+schema, "") }

// document has an operation with a body, unless that is "", and further paths.
func document(body, schemas, paths string) string {
	if body != "" {
		own := `"/x":{"post":` + operation("x", `,"requestBody":`+body) + `}`
		if paths != "" {
			own += ","
		}
		paths = own + paths
	}
	return `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{` + paths + `},"components":{"schemas":{` + schemas + `}}}`
}
