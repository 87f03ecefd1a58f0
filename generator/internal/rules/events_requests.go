package rules

var eventsOfRequests = map[EventRule]Event{
	"route":                   {InputFail, "404", "The document has no such path.", "Compare the path with the document; scanners leave many of these."},
	"method":                  {InputFail, "405", "The path has no operation for the method.", "Compare the method with the document."},
	"transfer-encoding":       {Extraneous, "400", "The message has a transfer coding over HTTP/1.0, or beside Content-Length.", "Look at the proxy that passed it on: it may be open to request smuggling."},
	"authorization-repeated":  {AuthnFail, "401", "The request has two Authorization fields. As malicious_extraneous with 400, the pipeline refused it before any scheme was asked.", "Look at the proxy: does it add a field of its own?"},
	"cross-origin":            {CSRF, "403", "A browser sent the request for a page of another origin, and would add the user's credential by itself.", "List the origin in Config.TrustedOrigins if it is yours."},
	"accept":                  {InputFail, "406", "The operation has none of the media types that Accept asks for. As output_validation_fail, the handler answered with another type than was chosen; as sys_unavailable, the listener could not accept a connection.", "Compare Accept with the document; for the listener, look at the number of open files."},
	"requests":                {Unavailable, "503", "As many requests are in flight as Config.MaxRequests allows.", "Look for slow handlers, or raise Config.MaxRequests."},
	"requests-per-address":    {RateLimit, "503", "One address has as many requests in flight as Config.MaxRequestsPerAddress allows.", "Ban the address, or raise the share if many users are behind it."},
	"body-memory":             {Unavailable, "503", "Bodies and answers take as much memory as Config.BodyMemory allows.", "Look for clients that read slowly, or raise the bound."},
	"body-memory-per-address": {RateLimit, "503", "The bodies and answers of one address take as much memory as Config.BodyMemoryPerAddress allows.", "Ban the address, or raise the share if many users are behind it."},
	"spool-per-address":       {RateLimit, "503", "The uploads of one address take as much of the disk as Config.SpoolLimitPerAddress allows.", "Ban the address, or raise the share."},
	"rate-limit-store":        {Unavailable, "503", "The store that counts requests could not be asked.", "Look at the store that Config.Limiter names; error_text has its error."},
	"closed":                  {Unavailable, "503", "The server was closed. No event is recorded; Config.Observe sees it.", "Shut the http.Server down before Server.Close."},
	"canceled":                {Unavailable, "503", "A client of HTTP/2 has given up the request before it was begun.", "Many of one address are a flood of resets (CVE-2023-44487): ban it."},
	"deadline":                {Unavailable, "503", "The request's time was up, or its client went, before the handler or the authorizer had an answer.", "Look for the slow part, or raise timeout in x-bailey-limits."},
}

var eventsOfBodies = map[EventRule]Event{
	"parameters":       {InputFail, "400", "A parameter is unknown, repeated, missing or malformed, or breaks its schema. The answer names it.", "Read errors of the answer; after a release, compare client and document."},
	"body":             {InputFail, "400", "The operation takes no body, or the body could not be read as its media type.", "Compare the client with the document."},
	"body-missing":     {InputFail, "400", "The operation needs a body, and none came.", "Compare the client with the document."},
	"body-size":        {InputFail, "413", "The body is longer than the operation allows.", "Raise body in x-bailey-limits if good clients send so much."},
	"body-slow":        {InputFail, "408", "The body came too slowly, or stopped coming.", "Many of one address are a slow flood: ban it."},
	"content-encoding": {InputFail, "415", "The body has a content coding that the operation does not take.", "List it in encodings of x-bailey-limits if clients need it."},
	"media-type":       {InputFail, "415", "The operation does not take the body's media type. The answer lists those that it takes.", "Compare Content-Type with the document."},
	"form":             {InputFail, "422", "A field of a form breaks its schema. The answer names it.", "Read errors of the answer."},
	"syntax":           {InputFail, "400", "The body is not well-formed. The answer says where.", "Read errors of the answer."},
	"minLength":        {InputFail, "422", "A streamed body is shorter than its schema allows. At a pointer, see the keywords of JSON Schema above.", "Compare the client with the document."},
	"memory":           {InputFail, "413", "Reading the request would allocate more than the operation allows.", "Raise memory in x-bailey-limits if good clients meet it; else it is an attack by many small values."},
	"steps":            {InputFail, "413", "Checking the request would take more steps than its length allows.", "It is an attack by costly values, or the schema is costly: docs/request-cost.md."},
	"spool":            {Unavailable, "503", "An upload could not be written to disk, or all uploads together take as much of it as Config.SpoolLimit allows.", "Look at the free space of Config.SpoolDir, or raise the bound."},
	"writable-by":      {AuthzFail, "403", "The request sets a member that its caller may not set. The answer names it.", "Many of one caller are attempts; one after a release may be a client that sends whole objects back."},
	"stream-version":   {InputFail, "505", "A client of HTTP/1.0 asked for a stream, and could not see its end.", "Let the client speak HTTP/1.1."},
}

var eventsOfHandlers = map[EventRule]Event{
	"handler":                {Crash, "500", "The handler returned an error that is no answer of its own, or an answer of the class 5xx that wraps a cause.", "Read error_text."},
	"panic":                  {Crash, "500", "A handler, an authorizer or another part of the server panicked.", "Read error_text and stack."},
	"observe":                {Crash, "", "Config.Observe panicked. The answer was made before.", "Read error_text and stack, and mend the hook."},
	"stream":                 {Crash, "", "The handler ended a stream with an error, and the connection was cut off.", "Read error_text."},
	"authorize":              {AuthzFail, "403", "The authorizer denied. Under hide the client got 404.", "Many of one caller are attempts to reach the objects of others."},
	"authorizer":             {Unavailable, "503", "The authorizer failed with an error that is no denial. Under hide the client got 404.", "Read error_text; docs/policy.md has the errors that deny."},
	"unavailable":            {Unavailable, "503", "The handler or the authorizer returned runtime.ErrUnavailable.", "Read error_text."},
	"no-response":            {OutputFail, "500", "The handler returned neither a result nor an error.", "Return a value, or an error."},
	"status":                 {OutputFail, "500", "The handler chose a status that the declared response does not have.", "Compare the handler with the document."},
	"problem":                {OutputFail, "500", "Config.Problem panicked, or its response is none that can be sent. The status went out without a body.", "Read error_text, and mend the function."},
	"response":               {OutputFail, "500", "The answer could not be encoded.", "Mend the result of the handler."},
	"status-or-content-type": {OutputFail, "500", "The handler chose a status or a content type that the document does not allow.", "Compare the handler with the document."},
	"item-size":              {OutputFail, "", "An item of a stream is longer than item of x-bailey-limits allows. The stream was cut off.", "Send smaller items, or raise the limit."},
	"event":                  {OutputFail, "", "An event of a text/event-stream has a name, an id or a retry that it must not have, or lacks one. The stream was cut off.", "Compare the handler with the document."},
}

var eventsOfConnections = map[EventRule]Event{
	"connections":             {Unavailable, "", "As many connections are open as harden allows.", "Raise MaxConns, or look for clients that keep connections idle."},
	"connections-per-address": {RateLimit, "", "One address has as many connections open as harden allows.", "Ban the address, or raise the share if many users are behind it."},
	"handshakes":              {Unavailable, "", "More TLS handshakes wait than harden computes at a time.", "It is a flood of handshakes: ban the addresses, or raise MaxHandshakes."},
	"malformed-request":       {InputFail, "400", "net/http refused the request: a bad request line or field, no or a bad Host, fields that are too long, an unknown transfer coding or expectation.", "Scanners leave many of these."},
	"incomplete-request":      {InputFail, "", "A connection sent something, and timed out or was reset before that was a request.", "Many of one address are a slow flood: ban it."},
	"tls-handshake":           {InputFail, "", "A TLS handshake failed.", "Old clients without TLS 1.2 leave these, and scanners."},
	"http-on-tls":             {InputFail, "400", "A client sent an HTTP request to an HTTPS port.", "Redirect clients, or mend their address."},
	"http2":                   {InputFail, "", "A connection of HTTP/2 broke the protocol.", "Many of one address are an attack: ban it."},
	"net/http":                {OutputFail, "", "net/http reported a mistake, mostly of a handler.", "Read the log around it."},
}
