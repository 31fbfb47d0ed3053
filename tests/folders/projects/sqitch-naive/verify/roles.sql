SELECT roles FROM users WHERE FALSE; -- expect: up-applies broken
