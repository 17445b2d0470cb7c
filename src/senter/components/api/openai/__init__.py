"""/v1: the part of the OpenAI API that lets any of its clients talk to Senter."""
