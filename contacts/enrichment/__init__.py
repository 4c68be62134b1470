"""Values found for people and companies: in mail domains, mail signatures and on companies' own sites."""
