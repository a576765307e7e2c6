"""The wire between engines and the server: messages, codec, curve names and error codes. SPEC.md is the reference."""
