// Wherever the tests run, what they test prints as it does under a runner.
process.env.GITHUB_ACTIONS = 'true';
