"""The surface `http`: what REST clients meet at a gateway that is made from annotations."""
