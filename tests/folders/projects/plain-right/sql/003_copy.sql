COPY users (id, email) FROM stdin;
1	ada@example.com
2	bob@example.com
\.

