"""The filters of a list that people keep under names of their own."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from auditflow.persistence import tables


class View(NamedTuple):
    """The filters of one page, as its address has them, under a name."""

    page: str
    name: str
    query: str


class Views:
    """Reads and writes one person's views within one transaction."""

    def __init__(self, connection: Connection, person: str) -> None:
        self.connection = connection
        self.person = person

    def kept(self, page: str) -> list[View]:
        """What this person keeps of a page, by name."""
        v = tables.views
        theirs = v.c.person == self.person, v.c.page == page
        query = select(v.c.page, v.c.name, v.c.query).where(*theirs).order_by(v.c.name)
        return [View(*row) for row in self.connection.execute(query)]

    def count(self) -> int:
        """How many this person keeps."""
        v = tables.views
        query = select(func.count()).select_from(v).where(v.c.person == self.person)
        return self.connection.execute(query).scalar_one()

    def keep(self, view: View) -> None:
        """Keep a view, in place of one of the same name."""
        self.drop(view.page, view.name)
        self.connection.execute(insert(tables.views).values(person=self.person, **view._asdict()))

    def drop(self, page: str, name: str) -> None:
        """Keep a view no longer."""
        v = tables.views
        which = v.c.person == self.person, v.c.page == page, v.c.name == name
        self.connection.execute(delete(v).where(*which))
