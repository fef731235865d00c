"""The one exception that commands of the course end with."""


class CourseError(Exception):
    """Something a person has to mend; its text says where and how."""
