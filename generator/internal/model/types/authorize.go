package types

// AuthorizerName is the interface's, and that of the field of Config.
const AuthorizerName = "Authorizer"
