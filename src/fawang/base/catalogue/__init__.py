"""The catalogue (服务事项目录): services, processes and limits as data; published versions never change."""
