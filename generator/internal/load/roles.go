package load

// role is what an object of the document is, which says what its members are: the
// walk needs it to tell a reference from data that only looks like one (an
// example, a default, a property called "$ref").
type role uint8

// The roles. A many- role is a map from names to objects, except where said.
const (
	roleNone role = iota // data: nothing in it is a reference
	roleText             // text that real documents keep in another file
	roleRoot
	roleInfo
	roleTag
	roleComponents
	rolePathItem
	roleOperation
	roleParameter
	roleRequestBody
	roleResponse
	roleHeader
	roleMedia
	roleEncoding
	roleSchema
	roleDiscriminator
	roleExample
	roleLink
	roleCallback // expressions to path items
	roleSecurityScheme
	roleCount
)

// shape says how many objects of its role a place holds.
type shape uint8

const (
	one  shape = iota
	list       // an array of them
	dict       // an object of them, under names
	flex       // one, or an array of them (items of old drafts)
)

// place is the role of what stands under a member's name.
type place struct {
	role  role
	shape shape
}

// places holds the members that the walk follows, by the role of their object.
// Whatever is not listed is data.
var places = [roleCount]map[string]place{
	roleRoot: {
		"info":       {roleInfo, one},
		"paths":      {rolePathItem, dict},
		"webhooks":   {rolePathItem, dict},
		"components": {roleComponents, one},
		"tags":       {roleTag, list},
	},
	roleInfo: {"title": {roleText, one}, "description": {roleText, one}},
	roleTag:  {"description": {roleText, one}},
	roleComponents: {
		"schemas":         {roleSchema, dict},
		"responses":       {roleResponse, dict},
		"parameters":      {roleParameter, dict},
		"examples":        {roleExample, dict},
		"requestBodies":   {roleRequestBody, dict},
		"headers":         {roleHeader, dict},
		"securitySchemes": {roleSecurityScheme, dict},
		"links":           {roleLink, dict},
		"callbacks":       {roleCallback, dict},
		"pathItems":       {rolePathItem, dict},
		"mediaTypes":      {roleMedia, dict},
	},
	rolePathItem: {
		"get": {roleOperation, one}, "put": {roleOperation, one}, "post": {roleOperation, one},
		"delete": {roleOperation, one}, "options": {roleOperation, one}, "head": {roleOperation, one},
		"patch": {roleOperation, one}, "trace": {roleOperation, one}, "query": {roleOperation, one}, "additionalOperations": {roleOperation, dict},
		"parameters":  {roleParameter, list},
		"description": {roleText, one},
	},
	roleOperation: {
		"parameters":  {roleParameter, list},
		"requestBody": {roleRequestBody, one},
		"responses":   {roleResponse, dict},
		"callbacks":   {roleCallback, dict},
		"description": {roleText, one},
	},
	roleParameter:   parameterPlaces,
	roleHeader:      parameterPlaces,
	roleRequestBody: {"content": {roleMedia, dict}, "description": {roleText, one}},
	roleResponse: {
		"headers":     {roleHeader, dict},
		"content":     {roleMedia, dict},
		"links":       {roleLink, dict},
		"description": {roleText, one},
	},
	roleMedia: {
		"schema":     {roleSchema, one},
		"itemSchema": {roleSchema, one},
		"examples":   {roleExample, dict},
		"encoding":   {roleEncoding, dict},
	},
	roleEncoding: {"headers": {roleHeader, dict}},
	roleSchema: {
		"title": {roleText, one}, "description": {roleText, one},
		"properties":            {roleSchema, dict},
		"patternProperties":     {roleSchema, dict},
		"dependentSchemas":      {roleSchema, dict},
		"$defs":                 {roleSchema, dict},
		"definitions":           {roleSchema, dict},
		"allOf":                 {roleSchema, list},
		"oneOf":                 {roleSchema, list},
		"anyOf":                 {roleSchema, list},
		"prefixItems":           {roleSchema, list},
		"items":                 {roleSchema, flex},
		"not":                   {roleSchema, one},
		"if":                    {roleSchema, one},
		"then":                  {roleSchema, one},
		"else":                  {roleSchema, one},
		"additionalItems":       {roleSchema, one},
		"additionalProperties":  {roleSchema, one},
		"unevaluatedItems":      {roleSchema, one},
		"unevaluatedProperties": {roleSchema, one},
		"contains":              {roleSchema, one},
		"propertyNames":         {roleSchema, one},
		"contentSchema":         {roleSchema, one},
		"discriminator":         {roleDiscriminator, one},
	},
}

var parameterPlaces = map[string]place{
	"schema":      {roleSchema, one},
	"content":     {roleMedia, dict},
	"examples":    {roleExample, dict},
	"description": {roleText, one},
}

// sections are the members of components that hold objects of a role.
var sections = [roleCount]string{
	roleSchema:         "schemas",
	roleResponse:       "responses",
	roleParameter:      "parameters",
	roleExample:        "examples",
	roleRequestBody:    "requestBodies",
	roleHeader:         "headers",
	roleSecurityScheme: "securitySchemes",
	roleLink:           "links",
	roleCallback:       "callbacks",
	rolePathItem:       "pathItems",
}

// isNameMap reports whether the keys of the object under a member named key are
// the document's own names, where no key is a keyword. It serves only where roles
// are not known.
func isNameMap(key string) bool {
	switch key {
	case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions",
		"schemas", "responses", "parameters", "requestBodies", "headers", "securitySchemes",
		"links", "callbacks", "pathItems", "mediaTypes", "additionalOperations", "paths", "webhooks", "content":
		return true
	}
	return false
}

// isData reports whether what stands under a keyword is data, in which nothing is
// a reference or an identifier.
func isData(key string) bool {
	switch key {
	case "example", "examples", "default", "enum", "const":
		return true
	}
	return len(key) > 2 && key[0] == 'x' && key[1] == '-'
}
