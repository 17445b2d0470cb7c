"""A third party's component that cannot even be imported."""

raise RuntimeError("this plug-in is broken")
