"""The gate on pull requests: what a change touches, judged; everything before it applied and trusted."""
